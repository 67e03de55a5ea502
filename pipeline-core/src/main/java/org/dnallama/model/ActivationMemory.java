package org.dnallama.model;

import java.util.List;

/** What a forward pass keeps of each block for the backward. */
public enum ActivationMemory {
    /** All that the backward reads. */
    KEPT,
    /** The block's input alone; the backward computes the rest again, to the same bits, one block at a time. */
    CHECKPOINTED,
    /** Nothing, since no backward follows: all blocks use the same memory. */
    NONE;

    /**
     * Those that training can choose from.
     *
     * @return all but none
     */
    public static List<ActivationMemory> ofTraining() {
        return List.of(KEPT, CHECKPOINTED);
    }
}

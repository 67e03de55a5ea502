package org.dnallama.model;

/** What a forward pass keeps of each block for the backward. */
public enum ActivationMemory {
    /** All that the backward reads. */
    KEPT,
    /** The block's input alone; the backward computes the rest again, to the same bits, one block at a time. */
    CHECKPOINTED
}

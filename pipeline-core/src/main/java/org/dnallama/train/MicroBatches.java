package org.dnallama.train;

import java.util.List;
import org.dnallama.model.Batch;

/**
 * One rank's part of a step.
 *
 * @param step from 1
 * @param first the number of this rank's first micro-batch among those of all ranks
 * @param batches its micro-batches, in order
 */
public record MicroBatches(long step, int first, List<Batch> batches) {

    /** Copies the list. */
    public MicroBatches {
        batches = List.copyOf(batches);
    }

    /** Tokens that are not padding. */
    long tokenCount() {
        return batches.stream().mapToLong(Batch::tokenCount).sum();
    }
}

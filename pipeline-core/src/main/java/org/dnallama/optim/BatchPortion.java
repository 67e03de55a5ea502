package org.dnallama.optim;

/**
 * A part of a batch: the micro-batches from {@code from/of} to {@code to/of} of it. Optimizers that show each stage its
 * own data ask for portions; the others ask for {@link #WHOLE}.
 *
 * @param from start, in units of 1/of
 * @param to end, in units of 1/of, greater than from
 * @param of number of units in the batch
 */
public record BatchPortion(int from, int to, int of) {

    /** The whole batch. */
    public static final BatchPortion WHOLE = new BatchPortion(0, 1, 1);

    /** Rejects parts that are empty or lie outside. */
    public BatchPortion {
        if (from < 0 || to <= from || to > of) {
            throw new IllegalArgumentException("no portion: %d..%d of %d".formatted(from, to, of));
        }
    }
}

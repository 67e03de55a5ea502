package org.dnallama.train;

/**
 * Which rows each micro-batch of a step draws from: the rows are cut into as many stripes as a step has micro-batches,
 * and micro-batch i always draws from stripe i. So the rows of a step do not depend on the number of ranks, and a rank
 * needs only the stripes of its own micro-batches, which are neighbours.
 *
 * @param rows number of rows, at least 1
 * @param batchSize rows in a step
 * @param microBatch rows in a micro-batch; the last one of a step may have fewer
 */
public record Stripes(int rows, int batchSize, int microBatch) {

    /**
     * Neighbouring rows or micro-batches.
     *
     * @param from the first
     * @param to after the last
     */
    public record Range(int from, int to) {

        /** How many there are. */
        int count() {
            return to - from;
        }

        /** Whether one is among them. */
        boolean contains(int number) {
            return number >= from && number < to;
        }

        /** One of several parts of about the same length. */
        Range part(int number, int parts) {
            return new Range(
                    from + (int) ((long) count() * number / parts),
                    from + (int) ((long) count() * (number + 1) / parts));
        }
    }

    /** Stripes for some rows. */
    Stripes(int rows, TrainingSettings settings) {
        this(rows, settings.batchSize(), settings.microBatch());
    }

    /** Micro-batches in a step of all ranks. */
    int microBatches() {
        return (batchSize + microBatch - 1) / microBatch;
    }

    /** A rank's micro-batches. */
    Range ofRank(int rank, int worldSize) {
        return new Range((int) ((long) microBatches() * rank / worldSize), (int)
                ((long) microBatches() * (rank + 1) / worldSize));
    }

    /** How many rows a micro-batch draws. */
    int draws(int microBatch) {
        return end(microBatch) - start(microBatch);
    }

    /** The rows that a micro-batch draws from; never none, so with very few rows neighbours share. */
    Range stripe(int microBatch) {
        int from = (int) ((long) rows * start(microBatch) / batchSize);
        int to = (int) ((long) rows * end(microBatch) / batchSize);
        return new Range(from, Math.max(from + 1, to));
    }

    /**
     * The rows that a rank ever draws.
     *
     * @param rank its number
     * @param worldSize number of ranks
     * @return neighbouring rows
     */
    public Range rowsOf(int rank, int worldSize) {
        Range own = ofRank(rank, worldSize);
        return new Range(stripe(own.from).from, stripe(own.to - 1).to);
    }

    /** Rows of a step before those of a micro-batch. */
    int start(int number) {
        return number * microBatch;
    }

    private int end(int number) {
        return Math.min(batchSize, (number + 1) * microBatch);
    }
}

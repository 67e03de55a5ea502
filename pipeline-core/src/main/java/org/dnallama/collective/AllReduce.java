package org.dnallama.collective;

import org.dnallama.compute.Buffer;

/** Sums over ranks. Every rank makes the same calls in the same order. */
public interface AllReduce extends AutoCloseable {

    /**
     * This process's number.
     *
     * @return in [0, worldSize)
     */
    int rank();

    /**
     * Number of ranks.
     *
     * @return at least 1
     */
    int worldSize();

    /**
     * Replaces a buffer with its sum over all ranks.
     *
     * @param buffer in place
     */
    void sum(Buffer buffer);

    /**
     * Sums one number over all ranks.
     *
     * @param value this rank's
     * @return the sum
     */
    double sum(double value);

    /** Leaves the group. */
    @Override
    void close();
}

package org.dnallama.collective;

import org.dnallama.compute.Buffer;

/**
 * Sums over ranks. Every rank makes the same calls in the same order; {@link #begin} and {@link #sum(double[])} may
 * come from any one thread at a time.
 */
public interface AllReduce extends AutoCloseable {

    /** A sum that is on its way. */
    @FunctionalInterface
    interface Pending {

        /**
         * Waits until the sum is there.
         *
         * @throws PeerLostException if another rank is gone or does not answer in time
         */
        void await();
    }

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
     * Whether sums are taken in the memory where a buffer lies.
     *
     * @param buffer such as one to be summed
     * @return false if it must be copied to where they are
     */
    default boolean reaches(Buffer buffer) {
        return true;
    }

    /**
     * Begins to replace a buffer with its sum over all ranks.
     *
     * @param buffer in place; not to be touched until the sum is there
     * @return to wait on
     */
    Pending begin(Buffer buffer);

    /**
     * Replaces numbers with their sums over all ranks.
     *
     * @param values in place, float64
     * @throws PeerLostException if another rank is gone or does not answer in time
     */
    void sum(double[] values);

    /**
     * Sums one number over all ranks.
     *
     * @param value this rank's
     * @return the sum
     * @throws PeerLostException if another rank is gone or does not answer in time
     */
    default double sum(double value) {
        double[] values = {value};
        sum(values);
        return values[0];
    }

    /** Leaves the group; ranks that wait for this one are freed by a {@link PeerLostException}. */
    @Override
    void close();
}

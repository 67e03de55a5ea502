package org.dnallama.collective;

import org.dnallama.compute.Buffer;

/** A group that also tells how long this rank stood still for the others. */
public final class TimedRanks implements AllReduce {

    private final AllReduce ranks;
    private long waitedNanos;

    /**
     * Times a group.
     *
     * @param ranks who sums; closed with this one
     */
    public TimedRanks(AllReduce ranks) {
        this.ranks = ranks;
    }

    /**
     * Time in which this rank stood still for sums.
     *
     * @return seconds since the last call
     */
    public double takeWaitedSeconds() {
        double seconds = waitedNanos / 1e9;
        waitedNanos = 0;
        return seconds;
    }

    @Override
    public int rank() {
        return ranks.rank();
    }

    @Override
    public int worldSize() {
        return ranks.worldSize();
    }

    @Override
    public Pending begin(Buffer buffer) {
        Pending sum = ranks.begin(buffer);
        return () -> {
            long start = System.nanoTime();
            sum.await();
            waitedNanos += System.nanoTime() - start;
        };
    }

    @Override
    public void sum(double[] values) {
        long start = System.nanoTime();
        ranks.sum(values);
        waitedNanos += System.nanoTime() - start;
    }

    @Override
    public void close() {
        ranks.close();
    }
}

package org.dnallama.collective;

import org.dnallama.compute.Buffer;

/** The group of one: every sum is what it was. */
public final class SingleRank implements AllReduce {

    @Override
    public int rank() {
        return 0;
    }

    @Override
    public int worldSize() {
        return 1;
    }

    @Override
    public Pending begin(Buffer buffer) {
        return () -> {};
    }

    @Override
    public void sum(double[] values) {}

    @Override
    public void close() {}
}

package org.dnallama.collective;

import java.util.HashSet;
import java.util.Set;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;

/**
 * A group for gradients that lie where its sums are not taken, such as on a GPU: they are copied to the host and back,
 * two passes over its bus for each sum.
 */
public final class StagedRanks implements AllReduce {

    private final AllReduce ranks;
    private final Backend there;
    private final Backend host;
    private final Set<Buffer> onTheirWay = new HashSet<>();

    /**
     * Copies for a group.
     *
     * @param ranks who sums; closed with this one
     * @param there where the buffers lie
     * @param host where sums are taken
     */
    public StagedRanks(AllReduce ranks, Backend there, Backend host) {
        this.ranks = ranks;
        this.there = there;
        this.host = host;
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
        float[] numbers = new float[Math.toIntExact(buffer.length())];
        there.read(buffer, numbers);
        Buffer copy = host.allocate(numbers.length);
        host.write(copy, numbers);
        onTheirWay.add(copy);
        Pending sum = ranks.begin(copy);
        return () -> {
            sum.await();
            host.read(copy, numbers);
            there.write(buffer, numbers);
            onTheirWay.remove(copy);
            copy.close();
        };
    }

    @Override
    public void sum(double[] values) {
        ranks.sum(values);
    }

    /** Leaves the group; copies of sums that nobody waits for any more are freed once nothing writes to them. */
    @Override
    public void close() {
        ranks.close();
        onTheirWay.forEach(Buffer::close);
        onTheirWay.clear();
    }
}

package org.dnallama.train;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.dnallama.model.Parameters.Bucket;

/**
 * Passes on finished buckets in the order in which a backward pass comes to them, holding back those that finish before
 * their turn.
 */
final class Announcements {

    private final int[] order;
    private final boolean[] done;
    private final IntConsumer listener;
    private int next;

    Announcements(List<Bucket> buckets, IntConsumer listener) {
        this.order = order(buckets);
        this.done = new boolean[order.length];
        this.listener = listener;
    }

    /** From what stands on top of the blocks down to the embeddings; the same on every rank. */
    private static int[] order(List<Bucket> buckets) {
        return IntStream.range(0, buckets.size())
                .boxed()
                .sorted(Comparator.comparing(
                        (Integer bucket) -> -buckets.get(bucket).block()))
                .mapToInt(bucket -> bucket)
                .toArray();
    }

    synchronized void finished(int bucket) {
        done[bucket] = true;
        while (next < order.length && done[order[next]]) {
            listener.accept(order[next]);
            next++;
        }
    }
}

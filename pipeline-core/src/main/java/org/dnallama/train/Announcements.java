package org.dnallama.train;

import java.util.function.IntConsumer;

/** Passes on finished buckets from the last to the first, holding back those that finish before their turn. */
final class Announcements {

    private final boolean[] done;
    private final IntConsumer listener;
    private int next;

    Announcements(int buckets, IntConsumer listener) {
        this.done = new boolean[buckets];
        this.listener = listener;
        this.next = buckets - 1;
    }

    synchronized void finished(int bucket) {
        done[bucket] = true;
        while (next >= 0 && done[next]) {
            listener.accept(next);
            next--;
        }
    }
}

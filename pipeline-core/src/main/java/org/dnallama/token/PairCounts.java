package org.dnallama.token;

import java.io.Serializable;

/** How often pairs of neighbouring tokens occur, or by how much that has changed. An open-addressed table. */
public final class PairCounts implements Serializable {

    private static final long serialVersionUID = 1L;

    /** No pair: token 0 pads rows and has no neighbours. */
    private static final int EMPTY = 0;

    private int[] pairs = new int[64];
    private long[] counts = new long[64];
    private int size;

    /** Tells of one pair. */
    interface Visitor {
        void visit(int pair, long count);
    }

    static int pack(int left, int right) {
        return left << Character.SIZE | right;
    }

    static int left(int pair) {
        return pair >>> Character.SIZE;
    }

    static int right(int pair) {
        return pair & Character.MAX_VALUE;
    }

    void add(int pair, long count) {
        int slot = slot(pair);
        if (pairs[slot] == EMPTY) {
            if (2 * ++size > pairs.length) {
                grow();
                slot = slot(pair);
            }
            pairs[slot] = pair;
        }
        counts[slot] += count;
    }

    long count(int pair) {
        return counts[slot(pair)];
    }

    /**
     * Adds others to these.
     *
     * @param others left as they are
     * @return these
     */
    public PairCounts plus(PairCounts others) {
        others.forEach(this::add);
        return this;
    }

    /** Visits all pairs that do not count zero. */
    void forEach(Visitor visitor) {
        for (int slot = 0; slot < pairs.length; slot++) {
            if (counts[slot] != 0) {
                visitor.visit(pairs[slot], counts[slot]);
            }
        }
    }

    private int slot(int pair) {
        int slot = pair * 0x9e3779b9 >>> Integer.numberOfLeadingZeros(pairs.length - 1);
        while (pairs[slot] != pair && pairs[slot] != EMPTY) {
            slot = slot + 1 & pairs.length - 1;
        }
        return slot;
    }

    // Pairs that count zero are left behind.
    private void grow() {
        int[] oldPairs = pairs;
        long[] oldCounts = counts;
        pairs = new int[2 * oldPairs.length];
        counts = new long[2 * oldPairs.length];
        size = 1;
        for (int i = 0; i < oldPairs.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slot(oldPairs[i]);
                pairs[slot] = oldPairs[i];
                counts[slot] = oldCounts[i];
                size++;
            }
        }
    }
}

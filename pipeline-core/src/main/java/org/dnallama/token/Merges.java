package org.dnallama.token;

import java.util.Arrays;

/**
 * The merges of a byte-pair encoding: which two neighbouring tokens become one, and in what order of preference. An
 * open-addressed table from packed pairs to ranks.
 */
final class Merges {

    /** Rank of a pair that does not merge; greater than all others. */
    static final int NONE = Integer.MAX_VALUE;

    private static final long EMPTY = -1;

    private final long[] pairs;
    private final int[] ranks;
    private final int[] products;
    private final int shift;

    /**
     * Makes the table.
     *
     * @param merges how many there will be
     */
    Merges(int merges) {
        int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(merges));
        pairs = new long[1 << bits];
        Arrays.fill(pairs, EMPTY);
        ranks = new int[1 << bits];
        products = new int[1 << bits];
        shift = Long.SIZE - bits;
    }

    /**
     * Adds a merge; a pair given again takes its later rank.
     *
     * @param left token id
     * @param right token id
     * @param rank lower ones go first
     * @param product the token that both become
     */
    void add(int left, int right, int rank, int product) {
        long pair = pack(left, right);
        int slot = slot(pair);
        pairs[slot] = pair;
        ranks[slot] = rank;
        products[slot] = product;
    }

    /**
     * When two neighbours merge.
     *
     * @param left token id
     * @param right token id
     * @return the rank, or {@link #NONE}
     */
    int rank(int left, int right) {
        long pair = pack(left, right);
        int slot = slot(pair);
        return pairs[slot] == pair ? ranks[slot] : NONE;
    }

    /**
     * What two neighbours that merge become.
     *
     * @param left token id
     * @param right token id
     * @return token id
     */
    int product(int left, int right) {
        return products[slot(pack(left, right))];
    }

    private static long pack(int left, int right) {
        return (long) left << Integer.SIZE | right;
    }

    // The pair's slot, or the free one where it would go; at most half of all slots are taken.
    private int slot(long pair) {
        // Fibonacci hashing: the high bits of the product depend on all bits of both ids.
        int slot = (int) (pair * 0x9e3779b97f4a7c15L >>> shift);
        while (pairs[slot] != pair && pairs[slot] != EMPTY) {
            slot = slot + 1 & pairs.length - 1;
        }
        return slot;
    }
}

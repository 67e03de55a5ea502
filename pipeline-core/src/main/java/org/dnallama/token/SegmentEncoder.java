package org.dnallama.token;

/** Encodes a run of letters that all have tokens. Safe to share between threads. */
interface SegmentEncoder {

    /**
     * Encodes letters.
     *
     * @param letters token id of each letter, from {@code from} to {@code to}
     * @param from first letter
     * @param to after the last letter
     * @param tokens where ids go; not {@code letters}
     * @param at where the first id goes
     * @return where the next id would go
     */
    int encode(int[] letters, int from, int to, int[] tokens, int at);
}

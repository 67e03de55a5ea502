package org.dnallama.dna;

/** What to do with N, a base that is not known. */
public enum NPolicy {
    /** N is in no row: a run of N splits a window into pieces. */
    SPLIT,
    /** N stays in its row, as the unknown token; only a window of nothing but N is dropped. */
    MASK,
    /** A window with too large a part of N is dropped; in others N stays as with {@link #MASK}. */
    DROP
}

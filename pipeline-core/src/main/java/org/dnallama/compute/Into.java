package org.dnallama.compute;

/** What a kernel does with the numbers that its output already holds. */
public enum Into {
    /** Overwrites them. */
    SET,
    /** Adds to them. */
    ADD
}

package org.dnallama.dna;

/** What to do with a byte of a sequence that is no IUPAC nucleotide code. */
public enum UnknownBytes {
    /** Stop with an error. */
    REJECT,
    /** Read it as N. */
    N
}

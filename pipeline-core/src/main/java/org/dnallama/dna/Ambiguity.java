package org.dnallama.dna;

import org.dnallama.config.Seeds;

/** What to do with the codes that stand for two or three bases: R, Y, S, W, K, M, B, D, H and V. */
public enum Ambiguity {
    /** They stay; what token they give is the tokenizer's matter. */
    KEEP,
    /** They are read as N. */
    N,
    /** Each is read as one of the bases that it stands for, chosen by the seed and its place. */
    RESOLVE;

    /**
     * Reads a code.
     *
     * @param code upper-case IUPAC code
     * @param seeds of the run
     * @param contig where it stands
     * @param position on the contig
     * @return the code to use
     */
    byte read(byte code, Seeds seeds, String contig, long position) {
        if (this == KEEP || Nucleotides.isPlain(code)) {
            return code;
        }
        if (this == N) {
            return 'N';
        }
        String bases = Nucleotides.bases(code);
        return (byte) bases.charAt(Math.floorMod(seeds.key("ambiguity " + contig, position), bases.length()));
    }
}

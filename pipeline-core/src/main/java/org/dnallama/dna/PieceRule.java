package org.dnallama.dna;

import java.io.Serializable;

/**
 * Which pieces of sequence are kept.
 *
 * @param minLength bases; shorter pieces are dropped; at least 1
 * @param nPolicy what to do with N
 * @param maxNFraction the largest part of N in a piece that {@link NPolicy#DROP} keeps, in [0, 1]
 */
public record PieceRule(int minLength, NPolicy nPolicy, double maxNFraction) implements Serializable {

    /** Checks the bounds. */
    public PieceRule {
        if (minLength < 1 || !(maxNFraction >= 0 && maxNFraction <= 1)) {
            throw new IllegalArgumentException("minLength " + minLength + ", maxNFraction " + maxNFraction
                    + ": must be at least 1, the fraction in [0, 1]");
        }
    }

    /**
     * A rule that splits at N.
     *
     * @param minLength bases, at least 1
     * @return the rule
     */
    public static PieceRule splittingAtN(int minLength) {
        return new PieceRule(minLength, NPolicy.SPLIT, 0);
    }

    /** What becomes of a piece. */
    public enum Verdict {
        /** It becomes rows. */
        KEPT,
        /** It is dropped, as it has fewer than {@code minLength} bases. */
        SHORT,
        /** It is dropped for its part of N. */
        RICH_IN_N
    }

    /**
     * Judges a piece.
     *
     * @param stretch bases that hold it
     * @param piece without N, if N splits
     * @return what becomes of it
     */
    public Verdict of(Stretch stretch, Interval piece) {
        if (piece.lengthBases() < minLength) {
            return Verdict.SHORT;
        }
        if (nPolicy == NPolicy.SPLIT) {
            return Verdict.KEPT;
        }
        long n = stretch.countN(piece);
        boolean rich = n == piece.lengthBases() || nPolicy == NPolicy.DROP && n > maxNFraction * piece.lengthBases();
        return rich ? Verdict.RICH_IN_N : Verdict.KEPT;
    }

    /**
     * Where a piece ends that starts at some position.
     *
     * @param stretch bases that hold it
     * @param start its first position on the contig
     * @param limit where it ends at the latest
     * @return the first N from the start on, if N splits, else the limit
     */
    public long end(Stretch stretch, long start, long limit) {
        return nPolicy == NPolicy.SPLIT ? stretch.nextN(start, limit) : limit;
    }
}

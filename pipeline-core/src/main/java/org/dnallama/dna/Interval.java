package org.dnallama.dna;

import java.io.Serializable;

/**
 * A piece of a contig, 0-based and half-open.
 *
 * @param contig the contig's name
 * @param start first position
 * @param end position after the last one; at least {@code start}
 */
public record Interval(String contig, long start, long end) implements Serializable {

    /** Checks the bounds. */
    public Interval {
        if (contig.isEmpty() || start < 0 || end < start) {
            throw new IllegalArgumentException(
                    "interval '" + contig + "' [" + start + ", " + end + "): must have a name and 0 <= start <= end");
        }
    }

    /**
     * From the convention of SAM, VCF and GFF.
     *
     * @param contig the contig's name
     * @param first first position, counted from 1
     * @param last last position, included
     * @return the same bases, 0-based and half-open
     */
    public static Interval ofOneBasedClosed(String contig, long first, long last) {
        return new Interval(contig, first - 1, last);
    }

    /**
     * Its length.
     *
     * @return number of bases
     */
    public long lengthBases() {
        return end - start;
    }

    @Override
    public String toString() {
        return contig + ":[" + start + ", " + end + ")";
    }
}

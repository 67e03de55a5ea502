package org.dnallama.dna;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/**
 * How a contig is cut into windows: one starts at each multiple of the stride.
 *
 * @param window bases, at least 1
 * @param stride bases between the starts of two windows, at least 1
 * @param kept which pieces are kept; their {@code minLength} is at most the window
 */
public record WindowRule(int window, int stride, PieceRule kept) implements Serializable {

    /** Checks the bounds. */
    public WindowRule {
        if (window < 1 || stride < 1 || kept.minLength() > window) {
            throw new IllegalArgumentException("window " + window + ", stride " + stride + ", minLength "
                    + kept.minLength() + ": must be at least 1, minLength at most window");
        }
    }

    /**
     * A rule that splits at N.
     *
     * @param window bases, at least 1
     * @param stride bases between the starts of two windows, at least 1
     * @param minLength bases, in [1, window]
     * @return the rule
     */
    public static WindowRule splittingAtN(int window, int stride, int minLength) {
        return new WindowRule(window, stride, PieceRule.splittingAtN(minLength));
    }

    /**
     * What a window gives.
     *
     * @param kept pieces of at least {@code minLength} bases, in order
     * @param richInN pieces that were dropped for their part of N
     */
    public record Pieces(List<Interval> kept, List<Interval> richInN) {}

    /**
     * Tells whether windows share bases.
     *
     * @return true if the stride is shorter than the window
     */
    public boolean overlapping() {
        return stride < window;
    }

    /**
     * The first window to look at for the bases of a region from a position on. Windows that lie wholly inside the next
     * one, because both start before the region, are passed over.
     *
     * @param position on a contig, within the region
     * @param region what is wanted of the contig
     * @return the window's start, which may lie before the position and the region
     */
    public long firstReaching(long position, Interval region) {
        long reaching = -Math.floorDiv(window - 1 - position, stride) * stride;
        return Math.max(reaching, region.start() / stride * stride);
    }

    /**
     * What a window gives: its longest pieces within a region, without a cut, and without N if N splits. A piece that
     * lies wholly inside the window before is left out, as it would say the same again.
     *
     * @param stretch bases of the region, at least those around the window
     * @param start where the window starts, a multiple of the stride
     * @param region nothing outside of it is used
     * @param nextCut the first position after a given one where a new piece must start
     * @return its pieces
     */
    public Pieces pieces(Stretch stretch, long start, Interval region, LongUnaryOperator nextCut) {
        long end = Math.min(start + window, region.end());
        long endBefore = start == 0 ? 0 : start - stride + window;
        Pieces pieces = new Pieces(new ArrayList<>(), new ArrayList<>());
        long first = Math.max(start, region.start());
        while (first < end) {
            long cut = Math.min(end, nextCut.applyAsLong(first));
            long last = kept.end(stretch, first, cut);
            if (last > endBefore) {
                add(pieces, stretch, new Interval(region.contig(), first, last));
            }
            first = last < cut ? last + 1 : cut;
        }
        return pieces;
    }

    private void add(Pieces pieces, Stretch stretch, Interval piece) {
        switch (kept.of(stretch, piece)) {
            case KEPT -> pieces.kept.add(piece);
            case RICH_IN_N -> pieces.richInN.add(piece);
            case SHORT -> {}
        }
    }
}

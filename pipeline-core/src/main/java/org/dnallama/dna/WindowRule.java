package org.dnallama.dna;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;

/**
 * How a contig is cut into windows: one starts at each multiple of the stride, N never is in one.
 *
 * @param window bases, at least 1
 * @param stride bases between the starts of two windows, at least 1
 * @param minLength bases; shorter pieces are dropped; in [1, window]
 */
public record WindowRule(int window, int stride, int minLength) implements Serializable {

    /** Checks the bounds. */
    public WindowRule {
        if (window < 1 || stride < 1 || minLength < 1 || minLength > window) {
            throw new IllegalArgumentException("window " + window + ", stride " + stride + ", minLength " + minLength
                    + ": must be at least 1, and minLength at most window");
        }
    }

    /**
     * Tells whether windows share bases.
     *
     * @return true if the stride is shorter than the window
     */
    public boolean overlapping() {
        return stride < window;
    }

    /**
     * The first window at or after a position.
     *
     * @param position on a contig
     * @return the window's start
     */
    public long startFrom(long position) {
        return -Math.floorDiv(-position, stride) * stride;
    }

    /**
     * Tells whether a position lies in some window's reach.
     *
     * @param position on a contig
     * @return false in the gap between two windows
     */
    public boolean reaches(long position) {
        return position % stride < window;
    }

    /**
     * What a window gives: its longest pieces without N and without a cut. A piece that lies wholly inside the window
     * before is left out, as it would say the same again.
     *
     * @param stretch bases around the window
     * @param start where the window starts, a multiple of the stride
     * @param contigBases where the contig ends; the stretch reaches to the window's end or there
     * @param cutBefore positions that start a new piece
     * @return pieces of at least {@code minLength} bases, in order
     */
    public List<Interval> pieces(Stretch stretch, long start, long contigBases, LongPredicate cutBefore) {
        long end = Math.min(start + window, contigBases);
        long endBefore = start == 0 ? 0 : start - stride + window;
        List<Interval> pieces = new ArrayList<>();
        long first = start;
        for (long position = start; position <= end; position++) {
            boolean isN = position < end && stretch.code(position) == 'N';
            if (position == end || isN || cutBefore.test(position)) {
                if (position - first >= minLength && position > endBefore) {
                    pieces.add(new Interval(stretch.interval().contig(), first, position));
                }
                first = isN ? position + 1 : position;
            }
        }
        return pieces;
    }
}

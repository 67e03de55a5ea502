package org.dnallama.scan;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.dna.Interval;

/**
 * Where windows lie: one starts at each multiple of the stride from a contig's start, if it lies wholly within the
 * region. Windows that start in the same block of the grid are scored together, so that the way in which regions are
 * cut for Spark changes no batch, and thereby no bit of a score.
 *
 * @param window bases
 * @param stride bases between the starts of two windows
 * @param batchSize windows that start in a block
 */
record WindowGrid(int window, int stride, int batchSize) implements Serializable {

    /**
     * Cuts a region between blocks.
     *
     * @param region a part of a contig
     * @param rangeBases bases in a range, rounded up to whole blocks
     * @return starts of windows: in each interval they begin at its start and go on by the stride up to its end
     */
    List<Interval> cut(Interval region, int rangeBases) {
        long range = roundUp(rangeBases, blockBases());
        long end = region.end() - window + 1;
        List<Interval> starts = new ArrayList<>();
        long first = roundUp(region.start(), stride);
        while (first < end) {
            long next = (first / range + 1) * range;
            starts.add(new Interval(region.contig(), first, Math.min(next, end)));
            first = next;
        }
        return starts;
    }

    /** Windows that start in an interval of {@link #cut}. */
    int count(Interval starts) {
        return Math.toIntExact(roundUp(starts.lengthBases(), stride) / stride);
    }

    /** The same, block by block. */
    List<List<Interval>> batches(Interval starts) {
        List<List<Interval>> batches = new ArrayList<>();
        long block = -1;
        for (long start = starts.start(); start < starts.end(); start += stride) {
            if (batches.isEmpty() || start / blockBases() != block) {
                batches.add(new ArrayList<>());
                block = start / blockBases();
            }
            batches.get(batches.size() - 1).add(new Interval(starts.contig(), start, start + window));
        }
        return batches;
    }

    /** The bases that the windows of an interval of {@link #cut} cover. */
    Interval covered(Interval starts) {
        long last = starts.start() + (count(starts) - 1L) * stride;
        return new Interval(starts.contig(), starts.start(), last + window);
    }

    /** The bases in the middle of a window that are nearer to its middle than to that of any other window. */
    Interval middle(Interval starts, int window) {
        int width = Math.min(stride, this.window);
        long from = starts.start() + (long) window * stride + (this.window - width) / 2;
        return new Interval(starts.contig(), from, from + width);
    }

    private long blockBases() {
        return (long) stride * batchSize;
    }

    private static long roundUp(long bases, long unit) {
        return (bases + unit - 1) / unit * unit;
    }
}

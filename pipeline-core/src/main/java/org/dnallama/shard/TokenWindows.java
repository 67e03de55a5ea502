package org.dnallama.shard;

import java.util.Arrays;
import org.dnallama.dna.Interval;
import org.dnallama.dna.PieceRule;
import org.dnallama.dna.Strand;
import org.dnallama.token.Tokenizer;

/**
 * Windows of a number of tokens, for tokens of any length. Where a token starts depends on all bases before it, so
 * tokens are counted anew from the start of each block of a region, and behind each place where a block is cut: at N,
 * if N splits, and where the split changes. On the reverse strand they are counted from the end of such a piece, where
 * the reading starts. So the rows of a block follow from its bases alone, and a piece belongs to the range in which its
 * first base lies.
 *
 * <p>The last window of a piece has the tokens that are left.
 *
 * @param window tokens, at least 1
 * @param stride tokens between the starts of two windows, at least 1
 * @param blockBases bases in a block but the last of a region, at least 1
 * @param kept which windows are kept
 */
public record TokenWindows(int window, int stride, int blockBases, PieceRule kept) implements Windows {

    /** Checks the bounds. */
    public TokenWindows {
        if (window < 1 || stride < 1 || blockBases < 1) {
            throw new IllegalArgumentException(
                    "window " + window + ", stride " + stride + ", blockBases " + blockBases + ": must be at least 1");
        }
    }

    @Override
    public Interval around(Interval region, Interval range) {
        long first = (range.start() - region.start()) / blockBases * blockBases;
        long blocks = (range.end() - region.start() + blockBases - 1) / blockBases;
        return new Interval(
                region.contig(), region.start() + first, Math.min(region.end(), region.start() + blocks * blockBases));
    }

    @Override
    public double copies() {
        return Math.max(1.0, (double) window / stride);
    }

    @Override
    public int minLength() {
        return kept.minLength();
    }

    @Override
    public void cut(Interval region, RangeRows rows) {
        for (Interval block : RangeTokenizer.plan(rows.stretch().interval(), blockBases)) {
            long start = block.start();
            while (start < block.end()) {
                long change = rows.nextSplitChange(start, block.end());
                long end = kept.end(rows.stretch(), start, change);
                if (end > start) {
                    read(new Interval(block.contig(), start, end), rows);
                }
                start = end < change ? end + 1 : change;
            }
        }
    }

    private void read(Interval piece, RangeRows rows) {
        for (Strand strand : rows.strands(piece)) {
            int[] tokens = rows.encode(piece, strand);
            long[] before = basesBefore(tokens, rows.tokenizer());
            long encoded = rows.tokenizer().encodedBases(Math.toIntExact(piece.lengthBases()));
            // The last token of overlapping k-mers holds bases beyond those that it stands for.
            long beyond = encoded - before[tokens.length];
            rows.dropRemainder(RangeRows.part(piece, strand, encoded, piece.lengthBases()));
            int to = 0;
            for (int from = 0; from < tokens.length && to < tokens.length; from += Math.min(stride, tokens.length)) {
                rows.dropGap(RangeRows.part(piece, strand, Math.min(before[to], before[from]), before[from]));
                to = from + Math.min(window, tokens.length - from);
                Interval interval = RangeRows.part(piece, strand, before[from], before[to] + beyond);
                switch (kept.of(rows.stretch(), interval)) {
                    case KEPT -> {
                        rows.cover(interval);
                        if (rows.belongs(piece.start())) {
                            rows.add(piece, interval, strand, Arrays.copyOfRange(tokens, from, to));
                        }
                    }
                    case RICH_IN_N -> rows.dropRichInN(interval);
                    case SHORT -> {}
                }
            }
            rows.dropGap(RangeRows.part(piece, strand, before[to], before[tokens.length]));
        }
    }

    private static long[] basesBefore(int[] tokens, Tokenizer tokenizer) {
        long[] before = new long[tokens.length + 1];
        for (int i = 0; i < tokens.length; i++) {
            before[i + 1] = before[i] + tokenizer.basesPerToken(tokens[i]);
        }
        return before;
    }
}

package org.dnallama.shard;

import java.util.function.LongUnaryOperator;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.dna.WindowRule;

/**
 * Windows of a number of bases, on a grid that starts with the contig. A window belongs to the range in which its first
 * base of the region lies.
 *
 * @param rule how contigs are cut
 */
public record BaseWindows(WindowRule rule) implements Windows {

    @Override
    public Interval around(Interval region, Interval range) {
        return new Interval(
                region.contig(),
                Math.max(region.start(), range.start() - rule.window() + 1),
                Math.min(region.end(), range.end() + rule.window()));
    }

    @Override
    public double copies() {
        return Math.max(1.0, (double) rule.window() / rule.stride());
    }

    @Override
    public int minLength() {
        return rule.kept().minLength();
    }

    @Override
    public void cut(Interval region, RangeRows rows) {
        Interval range = rows.range();
        // Overlapping windows share bases; where the split changes they are cut, so that the splits share none.
        LongUnaryOperator nextCut = rule.overlapping()
                ? position -> rows.nextSplitChange(position, position + rule.window())
                : position -> Long.MAX_VALUE;
        // Windows of the range before give no rows here, but hold bases of this range.
        long first = rule.firstReaching(range.start(), region);
        for (long start = first; start < range.end(); start += rule.stride()) {
            boolean ours = rows.belongs(Math.max(start, region.start()));
            WindowRule.Pieces pieces = rule.pieces(rows.stretch(), start, region, nextCut);
            pieces.richInN().forEach(rows::dropRichInN);
            for (Interval piece : pieces.kept()) {
                read(piece, ours, rows);
            }
        }
        dropGaps(range, rows);
    }

    private void dropGaps(Interval range, RangeRows rows) {
        if (rule.stride() > rule.window()) {
            for (long start = range.start() / rule.stride() * rule.stride();
                    start < range.end();
                    start += rule.stride()) {
                rows.dropGap(new Interval(range.contig(), start + rule.window(), start + rule.stride()));
            }
        }
    }

    private static void read(Interval piece, boolean ours, RangeRows rows) {
        int encoded = rows.tokenizer().encodedBases(Math.toIntExact(piece.lengthBases()));
        if (encoded == 0) {
            rows.dropRemainder(piece);
            return;
        }
        for (Strand strand : rows.strands(piece)) {
            // Bases that fill no token are left out where the reading ends.
            Interval interval = RangeRows.part(piece, strand, 0, encoded);
            rows.dropRemainder(RangeRows.part(piece, strand, encoded, piece.lengthBases()));
            rows.cover(interval);
            if (ours) {
                rows.add(piece, interval, strand, rows.encode(interval, strand));
            }
        }
    }
}

package org.dnallama.shard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Nucleotides;
import org.dnallama.dna.Strand;
import org.dnallama.dna.Stretch;
import org.dnallama.dna.WindowRule;
import org.dnallama.token.Tokenizer;

/**
 * Turns a range of a contig's region into rows. A window belongs to the range in which its first base of the region
 * lies, a base to the range that it lies in.
 */
public final class RangeTokenizer {

    private final ChunkRule rule;
    private final WindowRule windows;
    private final Tokenizer tokenizer;
    private final Seeds seeds;

    /**
     * Makes one.
     *
     * @param rule how sequence becomes rows
     * @param tokenizer what tokens are
     * @param seeds of the run
     */
    public RangeTokenizer(ChunkRule rule, Tokenizer tokenizer, Seeds seeds) {
        this.rule = rule;
        this.windows = rule.windows();
        this.tokenizer = tokenizer;
        this.seeds = seeds;
    }

    /**
     * What a range gave.
     *
     * @param rows in the order of their starts
     * @param counts of the bases that lie in the range
     */
    public record Result(List<ShardRow> rows, BaseCounts counts) {}

    /**
     * Cuts a region into ranges.
     *
     * @param region what to cut
     * @param rangeBases bases in a range, at least 1; the last one may be shorter
     * @return ranges that hold each base once, in order
     */
    public static List<Interval> plan(Interval region, int rangeBases) {
        List<Interval> ranges = new ArrayList<>();
        for (long start = region.start(); start < region.end(); start += rangeBases) {
            ranges.add(new Interval(region.contig(), start, Math.min(start + rangeBases, region.end())));
        }
        return ranges;
    }

    /**
     * Reads a range, with up to a window more of its region on both sides, and tokenizes the windows that belong to it.
     *
     * @param reader the file that holds it
     * @param contig the contig that holds it
     * @param region the wanted part of the contig that it lies in
     * @param range not empty
     * @return rows and counts
     * @throws org.dnallama.config.InputException if the file cannot be read
     */
    public Result tokenize(FastaReader reader, Contig contig, Interval region, Interval range) {
        Interval around = new Interval(
                region.contig(),
                Math.max(region.start(), range.start() - windows.window() + 1),
                Math.min(region.end(), range.end() + windows.window()));
        Stretch stretch = reader.read(contig, around, rule.unknown()).with(rule.ambiguity(), seeds);
        Marks marks = new Marks(around);
        List<ShardRow> rows = new ArrayList<>();
        // Overlapping windows share bases; where the split changes they are cut, so that the splits share none.
        LongUnaryOperator nextCut = windows.overlapping()
                ? position -> rule.splits().nextChange(contig.name(), position, position + windows.window())
                : position -> Long.MAX_VALUE;
        // Windows of the range before give no rows here, but hold bases of this range.
        long first = windows.firstReaching(range.start(), region);
        for (long start = first; start < range.end(); start += windows.stride()) {
            boolean ours = Math.max(start, region.start()) >= range.start();
            WindowRule.Pieces pieces = windows.pieces(stretch, start, region, nextCut);
            pieces.richInN().forEach(piece -> mark(marks.richInN, around, piece));
            for (Interval piece : pieces.kept()) {
                mark(marks.pieces, around, piece);
                tokenizePiece(stretch, piece, ours, marks, rows);
            }
        }
        return new Result(rows, count(stretch, range, marks));
    }

    private void tokenizePiece(Stretch stretch, Interval piece, boolean ours, Marks marks, List<ShardRow> rows) {
        int encoded = tokenizer.encodedBases(Math.toIntExact(piece.lengthBases()));
        if (encoded == 0) {
            return;
        }
        for (Strand strand : rule.strands().of(seeds, piece.contig(), piece.start())) {
            // Bases that fill no token are left out where the reading ends.
            Interval interval = strand == Strand.FORWARD
                    ? new Interval(piece.contig(), piece.start(), piece.start() + encoded)
                    : new Interval(piece.contig(), piece.end() - encoded, piece.end());
            mark(marks.rows, marks.around, interval);
            if (ours) {
                rows.add(row(stretch, piece, interval, strand));
            }
        }
    }

    private ShardRow row(Stretch stretch, Interval piece, Interval interval, Strand strand) {
        boolean forward = strand == Strand.FORWARD;
        String text = stretch.text(interval);
        int[] tokens = tokenizer.encode(forward ? text : Nucleotides.reverseComplement(text));
        return new ShardRow(
                interval,
                strand,
                tokens,
                softMask(stretch, interval, forward, tokens),
                rule.splits().of(piece.contig(), piece.start()),
                seeds.key((forward ? "shard " : "shard - ") + piece.contig(), interval.start(), interval.end()));
    }

    private float[] softMask(Stretch stretch, Interval interval, boolean forward, int[] tokens) {
        float[] softMask = new float[tokens.length];
        if (stretch.softMaskedFraction(interval.start(), Math.toIntExact(interval.lengthBases())) == 0) {
            return softMask;
        }
        long done = 0;
        for (int i = 0; i < tokens.length; i++) {
            int bases = tokenizer.basesPerToken(tokens[i]);
            softMask[i] = stretch.softMaskedFraction(
                    forward ? interval.start() + done : interval.end() - done - bases, bases);
            done += bases;
        }
        return softMask;
    }

    private record Marks(Interval around, BitSet pieces, BitSet richInN, BitSet rows) {
        Marks(Interval around) {
            this(around, new BitSet(), new BitSet(), new BitSet());
        }
    }

    private static void mark(BitSet bits, Interval around, Interval piece) {
        bits.set(Math.toIntExact(piece.start() - around.start()), Math.toIntExact(piece.end() - around.start()));
    }

    private BaseCounts count(Stretch stretch, Interval range, Marks marks) {
        long dropped = 0;
        long n = 0;
        long gap = 0;
        long remainder = 0;
        long richInN = 0;
        int from = Math.toIntExact(range.start() - marks.around.start());
        int to = Math.toIntExact(range.end() - marks.around.start());
        // Most bases are in rows, so only the others are looked at one by one.
        for (int bit = marks.rows.nextClearBit(from); bit < to; bit = marks.rows.nextClearBit(bit + 1)) {
            long position = marks.around.start() + bit;
            dropped++;
            if (stretch.code(position) == 'N') {
                n++;
            } else if (!windows.reaches(position)) {
                gap++;
            } else if (marks.pieces.get(bit)) {
                remainder++;
            } else if (marks.richInN.get(bit)) {
                richInN++;
            }
        }
        long covered = range.lengthBases() - dropped;
        long shortPieces = dropped - n - gap - remainder - richInN;
        return new BaseCounts(covered, n, richInN, gap, shortPieces, remainder, 0);
    }
}

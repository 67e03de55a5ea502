package org.dnallama.shard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Stretch;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.token.Tokenizer;

/** Turns a range of a contig into rows. A window belongs to the range in which it starts, a base to that it lies in. */
public final class RangeTokenizer {

    private final WindowRule windows;
    private final SplitRule splits;
    private final Tokenizer tokenizer;
    private final UnknownBytes unknown;
    private final Seeds seeds;

    /**
     * Makes one.
     *
     * @param windows how to cut
     * @param splits which split a row falls into
     * @param tokenizer what tokens are
     * @param unknown what to do with bytes that are no nucleotide code
     * @param seeds of the run
     */
    public RangeTokenizer(
            WindowRule windows, SplitRule splits, Tokenizer tokenizer, UnknownBytes unknown, Seeds seeds) {
        this.windows = windows;
        this.splits = splits;
        this.tokenizer = tokenizer;
        this.unknown = unknown;
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
     * Cuts contigs into ranges.
     *
     * @param contigs of one file
     * @param rangeBases bases in a range, at least 1; the last of a contig may be shorter
     * @return ranges that hold each base once, in order
     */
    public static List<Interval> plan(List<Contig> contigs, int rangeBases) {
        List<Interval> ranges = new ArrayList<>();
        for (Contig contig : contigs) {
            ranges.addAll(cut(new Interval(contig.name(), 0, contig.bases()), rangeBases));
        }
        return ranges;
    }

    /**
     * Cuts an interval.
     *
     * @param whole what to cut
     * @param bases bases in a piece, at least 1; the last may be shorter
     * @return pieces that hold each base once, in order
     */
    public static List<Interval> cut(Interval whole, int bases) {
        List<Interval> pieces = new ArrayList<>();
        for (long start = whole.start(); start < whole.end(); start += bases) {
            pieces.add(new Interval(whole.contig(), start, Math.min(start + bases, whole.end())));
        }
        return pieces;
    }

    /**
     * Reads a range, with up to a window more on both sides, and tokenizes the windows that start in it.
     *
     * @param reader the file that holds it
     * @param range not empty
     * @param contigBases length of its contig
     * @return rows and counts
     * @throws org.dnallama.config.InputException if the file cannot be read
     */
    public Result tokenize(FastaReader reader, Interval range, long contigBases) {
        Interval around = new Interval(
                range.contig(),
                Math.max(0, range.start() - windows.window() + 1),
                Math.min(contigBases, range.end() + windows.window()));
        Stretch stretch = reader.read(around, unknown);
        // Overlapping windows share bases; where the split changes they are cut, so that the splits share none.
        LongPredicate cutBefore =
                windows.overlapping() ? position -> splits.changesAt(range.contig(), position) : position -> false;
        List<ShardRow> rows = new ArrayList<>();
        BitSet inPieces = new BitSet();
        BitSet inRows = new BitSet();
        // Windows of the range before give no rows here, but hold bases of this range.
        for (long start = windows.startFrom(around.start()); start < range.end(); start += windows.stride()) {
            for (Interval piece : windows.pieces(stretch, start, contigBases, cutBefore)) {
                int encoded = tokenizer.encodedBases(Math.toIntExact(piece.lengthBases()));
                mark(inPieces, around, piece.start(), piece.end());
                mark(inRows, around, piece.start(), piece.start() + encoded);
                if (start >= range.start() && encoded > 0) {
                    rows.add(row(stretch, new Interval(piece.contig(), piece.start(), piece.start() + encoded)));
                }
            }
        }
        return new Result(rows, count(stretch, range, inPieces, inRows));
    }

    private static void mark(BitSet bits, Interval around, long start, long end) {
        bits.set(Math.toIntExact(start - around.start()), Math.toIntExact(end - around.start()));
    }

    private ShardRow row(Stretch stretch, Interval interval) {
        int[] tokens = tokenizer.encode(stretch.text(interval));
        float[] softMask = new float[tokens.length];
        long start = interval.start();
        for (int i = 0; i < tokens.length; i++) {
            int bases = tokenizer.basesPerToken(tokens[i]);
            softMask[i] = stretch.softMaskedFraction(start, bases);
            start += bases;
        }
        return new ShardRow(
                interval,
                tokens,
                softMask,
                splits.of(interval.contig(), interval.start()),
                seeds.key("shard " + interval.contig(), interval.start(), interval.end()));
    }

    private BaseCounts count(Stretch stretch, Interval range, BitSet inPieces, BitSet inRows) {
        long covered = 0;
        long n = 0;
        long gap = 0;
        long remainder = 0;
        for (long position = range.start(); position < range.end(); position++) {
            int bit = Math.toIntExact(position - stretch.interval().start());
            if (inRows.get(bit)) {
                covered++;
            } else if (stretch.code(position) == 'N') {
                n++;
            } else if (!windows.reaches(position)) {
                gap++;
            } else if (inPieces.get(bit)) {
                remainder++;
            }
        }
        long shortPieces = range.lengthBases() - covered - n - gap - remainder;
        return new BaseCounts(covered, n, gap, shortPieces, remainder);
    }
}

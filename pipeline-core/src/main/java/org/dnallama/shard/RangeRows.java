package org.dnallama.shard;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Nucleotides;
import org.dnallama.dna.Strand;
import org.dnallama.dna.Stretch;
import org.dnallama.token.Tokenizer;

/**
 * Collects the rows of a range, and where each of its bases went. What is cut around the range to know the latter gives
 * no rows here.
 */
final class RangeRows {

    private final ChunkRule rule;
    private final Tokenizer tokenizer;
    private final Seeds seeds;
    private final Stretch stretch;
    private final Interval range;

    private final List<ShardRow> rows = new ArrayList<>();
    // One bit a base of the stretch.
    private final BitSet covered = new BitSet();
    private final BitSet gaps = new BitSet();
    private final BitSet remainders = new BitSet();
    private final BitSet richInN = new BitSet();

    /**
     * Begins.
     *
     * @param rule how sequence becomes rows
     * @param tokenizer what tokens are
     * @param seeds of the run
     * @param stretch the bases of the range and around it
     * @param range whose rows and bases these are
     */
    RangeRows(ChunkRule rule, Tokenizer tokenizer, Seeds seeds, Stretch stretch, Interval range) {
        this.rule = rule;
        this.tokenizer = tokenizer;
        this.seeds = seeds;
        this.stretch = stretch;
        this.range = range;
    }

    Interval range() {
        return range;
    }

    Stretch stretch() {
        return stretch;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    /** Whether what starts at a position is this range's. */
    boolean belongs(long position) {
        return position >= range.start() && position < range.end();
    }

    /** The first position after the given one, at most the end, whose split is another. */
    long nextSplitChange(long position, long end) {
        return rule.splits().nextChange(range.contig(), position, end);
    }

    /** The strands on which a piece is read. */
    List<Strand> strands(Interval piece) {
        return rule.strands().of(seeds, piece.contig(), piece.start());
    }

    /** A part of a piece, its ends counted from where the reading starts. */
    static Interval part(Interval piece, Strand strand, long from, long to) {
        return strand == Strand.FORWARD
                ? new Interval(piece.contig(), piece.start() + from, piece.start() + to)
                : new Interval(piece.contig(), piece.end() - to, piece.end() - from);
    }

    /** The tokens of an interval of the stretch. */
    int[] encode(Interval interval, Strand strand) {
        String text = stretch.text(interval);
        return tokenizer.encode(strand == Strand.FORWARD ? text : Nucleotides.reverseComplement(text));
    }

    /** Adds a row, which covers its bases: a part of a piece, which decides on the split. */
    void add(Interval piece, Interval interval, Strand strand, int[] tokens) {
        rows.add(new ShardRow(
                interval,
                strand,
                tokens,
                softMask(interval, strand, tokens),
                rule.splits().of(piece.contig(), piece.start()),
                seeds.key(
                        (strand == Strand.FORWARD ? "shard " : "shard - ") + piece.contig(),
                        interval.start(),
                        interval.end())));
    }

    private float[] softMask(Interval interval, Strand strand, int[] tokens) {
        float[] softMask = new float[tokens.length];
        if (stretch.softMaskedFraction(interval.start(), Math.toIntExact(interval.lengthBases())) == 0) {
            return softMask;
        }
        long done = 0;
        for (int i = 0; i < tokens.length; i++) {
            int bases = tokenizer.basesPerToken(tokens[i]);
            softMask[i] = stretch.softMaskedFraction(
                    part(interval, strand, done, done + bases).start(), bases);
            done += bases;
        }
        return softMask;
    }

    /** Bases of rows, of this range or others. */
    void cover(Interval bases) {
        mark(covered, bases);
    }

    /** Bases between two windows. */
    void dropGap(Interval bases) {
        mark(gaps, bases);
    }

    /** Bases that fill no token. */
    void dropRemainder(Interval bases) {
        mark(remainders, bases);
    }

    /** Bases of a piece with too large a part of N. */
    void dropRichInN(Interval bases) {
        mark(richInN, bases);
    }

    // What lies outside of the stretch is of no interest.
    private void mark(BitSet bits, Interval bases) {
        long offset = stretch.interval().start();
        long from = Math.max(bases.start(), offset);
        long to = Math.min(bases.end(), stretch.interval().end());
        if (from < to) {
            bits.set(Math.toIntExact(from - offset), Math.toIntExact(to - offset));
        }
    }

    /** The rows that were added, in that order. */
    List<ShardRow> rows() {
        return rows;
    }

    /** Where the bases of the range went: those in no row are dropped for the first reason that holds. */
    BaseCounts counts() {
        long dropped = 0;
        long n = 0;
        long gap = 0;
        long remainder = 0;
        long rich = 0;
        int from = Math.toIntExact(range.start() - stretch.interval().start());
        int to = Math.toIntExact(range.end() - stretch.interval().start());
        // Most bases are in rows, so only the others are looked at one by one.
        for (int bit = covered.nextClearBit(from); bit < to; bit = covered.nextClearBit(bit + 1)) {
            dropped++;
            if (stretch.code(stretch.interval().start() + bit) == 'N') {
                n++;
            } else if (gaps.get(bit)) {
                gap++;
            } else if (remainders.get(bit)) {
                remainder++;
            } else if (richInN.get(bit)) {
                rich++;
            }
        }
        long shortPieces = dropped - n - gap - remainder - rich;
        return new BaseCounts(range.lengthBases() - dropped, n, rich, gap, shortPieces, remainder, 0);
    }
}

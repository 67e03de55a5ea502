package org.dnallama.shard;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.token.Tokenizer;

/**
 * Fills rows of a fixed number of tokens with documents, in the order in which they come. A document that does not fit
 * is cut; its rest starts the next row as a document of its own. So only the last row has more than two padding tokens.
 */
public final class Packer {

    /** Fewest tokens of a row: begin, a token, end. */
    public static final int LEAST_LENGTH = 3;

    private final int length;
    private final Tokenizer tokenizer;
    private final Consumer<PackedRow> out;

    private int[] tokens;
    private float[] softMask;
    private List<Integer> boundaries = new ArrayList<>();
    private List<PackedRow.Document> documents = new ArrayList<>();
    private int filled;

    /**
     * Makes one.
     *
     * @param length tokens in a row, at least {@value #LEAST_LENGTH}
     * @param tokenizer that made the tokens
     * @param out takes each full row
     * @throws IllegalArgumentException if the length is too small
     */
    public Packer(int length, Tokenizer tokenizer, Consumer<PackedRow> out) {
        if (length < LEAST_LENGTH) {
            throw new IllegalArgumentException("length " + length + ": must be at least " + LEAST_LENGTH);
        }
        this.length = length;
        this.tokenizer = tokenizer;
        this.out = out;
        this.tokens = emptyTokens();
        this.softMask = new float[length];
    }

    private int[] emptyTokens() {
        int[] empty = new int[length];
        Arrays.fill(empty, tokenizer.padId());
        return empty;
    }

    /**
     * Adds a document.
     *
     * @param row its tokens and where they come from
     */
    public void add(ShardRow row) {
        long basesBefore = 0;
        int from = 0;
        while (from < row.tokens().length) {
            if (length - filled < LEAST_LENGTH) {
                finish();
            }
            int to = Math.min(row.tokens().length, from + length - filled - 2);
            long basesBehind = basesBefore;
            for (int i = from; i < to; i++) {
                basesBehind += tokenizer.basesPerToken(row.tokens()[i]);
            }
            // The last token of overlapping k-mers holds bases beyond those that it stands for.
            basesBehind = to == row.tokens().length ? row.bases() : basesBehind;
            place(row, from, to, part(row, basesBefore, basesBehind));
            basesBefore = basesBehind;
            from = to;
        }
    }

    private static Interval part(ShardRow row, long before, long behind) {
        Interval whole = row.interval();
        return row.strand() == Strand.FORWARD
                ? new Interval(whole.contig(), whole.start() + before, whole.start() + behind)
                : new Interval(whole.contig(), whole.end() - behind, whole.end() - before);
    }

    private void place(ShardRow row, int from, int to, Interval interval) {
        boundaries.add(filled);
        documents.add(new PackedRow.Document(interval, row.strand()));
        tokens[filled++] = tokenizer.beginId();
        System.arraycopy(row.tokens(), from, tokens, filled, to - from);
        System.arraycopy(row.softMask(), from, softMask, filled, to - from);
        filled += to - from;
        tokens[filled++] = tokenizer.endId();
    }

    /** Gives the row that is not full yet away, if there is one. */
    public void finish() {
        if (filled == 0) {
            return;
        }
        boundaries.add(filled);
        out.accept(new PackedRow(tokens, softMask, boundaries, documents));
        tokens = emptyTokens();
        softMask = new float[length];
        boundaries = new ArrayList<>();
        documents = new ArrayList<>();
        filled = 0;
    }
}

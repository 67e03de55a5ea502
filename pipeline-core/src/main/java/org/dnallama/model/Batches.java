package org.dnallama.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.compute.KeyRanges;

/** Makes batches from token rows: one document a row, padded at the end. */
public final class Batches {

    private Batches() {}

    /**
     * Rows for next-token prediction by a plain model. A document's last token and padding have no target.
     *
     * @param rows token ids of each row, at least one row and one token
     * @param padId fills short rows
     * @return a batch as long as its longest row
     */
    public static Batch languageModel(List<int[]> rows, int padId) {
        List<int[]> next = rows.stream().map(Batches::next).toList();
        return tokenTargets(plain(rows), padId, Extensions.NONE, next);
    }

    private static int[] next(int[] row) {
        int[] targets = Arrays.copyOfRange(row, 1, row.length + 1);
        targets[row.length - 1] = -1;
        return targets;
    }

    /**
     * Rows with a target at each token.
     *
     * @param rows the rows, at least one
     * @param padId fills short rows
     * @param extensions the model's
     * @param targets of each row's tokens, -1 for none
     * @return a batch as long as its longest row
     */
    public static Batch tokenTargets(List<TokenRow> rows, int padId, Extensions extensions, List<int[]> targets) {
        return batch(rows, padId, extensions, joined(targets, longest(rows), -1), new int[0]);
    }

    /**
     * Rows for classification by a plain model.
     *
     * @param rows token ids of each row
     * @param padId fills short rows
     * @param classes each row's class
     * @return a batch as long as its longest row
     */
    public static Batch classifier(List<int[]> rows, int padId, int[] classes) {
        return classifier(plain(rows), padId, Extensions.NONE, classes);
    }

    /**
     * Rows for classification.
     *
     * @param rows the rows, at least one
     * @param padId fills short rows
     * @param extensions the model's
     * @param classes each row's class
     * @return a batch as long as its longest row
     */
    public static Batch classifier(List<TokenRow> rows, int padId, Extensions extensions, int[] classes) {
        return batch(rows, padId, extensions, classes.clone(), new int[0]);
    }

    /**
     * Rows for classification that also tell which tokens' bases were replaced.
     *
     * @param rows the rows, at least one
     * @param padId fills short rows
     * @param extensions the model's
     * @param classes each row's class
     * @param replaced of each row's tokens 1, 0, or -1 for unknown
     * @return a batch as long as its longest row
     */
    public static Batch classifier(
            List<TokenRow> rows, int padId, Extensions extensions, int[] classes, List<int[]> replaced) {
        return batch(rows, padId, extensions, classes.clone(), joined(replaced, longest(rows), -1));
    }

    private static List<TokenRow> plain(List<int[]> rows) {
        return rows.stream().map(TokenRow::plain).toList();
    }

    private static int longest(List<TokenRow> rows) {
        return rows.stream().mapToInt(row -> row.tokens().length).max().orElseThrow();
    }

    /** Rows one after the other, each filled up to a length. */
    private static int[] joined(List<int[]> rows, int length, int filler) {
        int[] joined = new int[rows.size() * length];
        Arrays.fill(joined, filler);
        for (int r = 0; r < rows.size(); r++) {
            System.arraycopy(rows.get(r), 0, joined, r * length, rows.get(r).length);
        }
        return joined;
    }

    private static Batch batch(List<TokenRow> rows, int padId, Extensions extensions, int[] targets, int[] replaced) {
        int length = longest(rows);
        int[] tokens = joined(rows.stream().map(TokenRow::tokens).toList(), length, padId);
        int[] positions = new int[tokens.length];
        int[] first = new int[tokens.length];
        int[] end = new int[tokens.length];
        int[] lengths = new int[rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            lengths[r] = rows.get(r).tokens().length;
            for (int t = 0; t < length; t++) {
                positions[r * length + t] = t;
                // Padding comes last and no token of the row sees it; it sees the row, which harms nothing.
                end[r * length + t] = extensions.attention() == Extensions.Attention.CAUSAL ? t + 1 : lengths[r];
            }
        }
        List<int[]> kmers = new ArrayList<>();
        for (int i = 0; i < extensions.kmers().size(); i++) {
            int size = i;
            kmers.add(joined(rows.stream().map(row -> row.kmers().get(size)).toList(), length, 0));
        }
        KeyRanges ranges = new KeyRanges(first, end);
        return new Batch(rows.size(), length, tokens, positions, ranges, targets, lengths, kmers, replaced);
    }
}

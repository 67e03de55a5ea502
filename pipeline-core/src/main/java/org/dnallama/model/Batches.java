package org.dnallama.model;

import java.util.Arrays;
import java.util.List;
import org.dnallama.compute.KeyRanges;

/** Makes batches from token rows: one document a row, padded at the end, causal attention. */
public final class Batches {

    private Batches() {}

    /**
     * Rows for next-token prediction. A document's last token and padding have no target.
     *
     * @param rows token ids of each row, at least one row and one token
     * @param padId fills short rows
     * @return a batch as long as its longest row
     */
    public static Batch languageModel(List<int[]> rows, int padId) {
        int length = longest(rows);
        int[] targets = new int[rows.size() * length];
        Arrays.fill(targets, -1);
        for (int r = 0; r < rows.size(); r++) {
            int[] row = rows.get(r);
            System.arraycopy(row, 1, targets, r * length, row.length - 1);
        }
        return batch(rows, padId, length, targets);
    }

    /**
     * Rows for classification.
     *
     * @param rows token ids of each row
     * @param padId fills short rows
     * @param classes each row's class
     * @return a batch as long as its longest row
     */
    public static Batch classifier(List<int[]> rows, int padId, int[] classes) {
        return batch(rows, padId, longest(rows), classes.clone());
    }

    private static int longest(List<int[]> rows) {
        return rows.stream().mapToInt(row -> row.length).max().orElseThrow();
    }

    private static Batch batch(List<int[]> rows, int padId, int length, int[] targets) {
        int[] tokens = new int[rows.size() * length];
        Arrays.fill(tokens, padId);
        int[] positions = new int[tokens.length];
        int[] first = new int[tokens.length];
        int[] end = new int[tokens.length];
        int[] lengths = new int[rows.size()];
        for (int r = 0; r < rows.size(); r++) {
            int[] row = rows.get(r);
            lengths[r] = row.length;
            System.arraycopy(row, 0, tokens, r * length, row.length);
            for (int t = 0; t < length; t++) {
                positions[r * length + t] = t;
                // Padding comes last, so no token before it sees it; it sees the row, which harms nothing.
                end[r * length + t] = t + 1;
            }
        }
        return new Batch(rows.size(), length, tokens, positions, new KeyRanges(first, end), targets, lengths);
    }
}

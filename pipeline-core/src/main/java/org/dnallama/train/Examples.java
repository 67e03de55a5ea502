package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.token.Tokenizer;

/** Tokenized rows that batches can be made of. */
public interface Examples {

    /**
     * How many rows there are.
     *
     * @return at least 1
     */
    int size();

    /**
     * Some rows as a batch.
     *
     * @param position place of the first of them in the order in which the whole run sees rows; examples that are drawn
     *     anew at each sight take their randomness from it and from the run's seed alone
     * @param rows their numbers
     * @return the batch
     */
    Batch batch(long position, int[] rows);

    /**
     * All rows, in order.
     *
     * @param batchSize rows in a batch
     * @return batches; the last may be smaller
     */
    default List<Batch> inOrder(int batchSize) {
        List<Batch> batches = new ArrayList<>();
        for (int at = 0; at < size(); at += batchSize) {
            int[] rows = new int[Math.min(batchSize, size() - at)];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = at + i;
            }
            batches.add(batch(at, rows));
        }
        return batches;
    }

    /**
     * Rows for next-token prediction.
     *
     * @param rows token ids with begin and end tokens
     * @param tokenizer whose padding is used
     * @return examples over these rows
     */
    static Examples languageModel(List<int[]> rows, Tokenizer tokenizer) {
        return new Examples() {
            @Override
            public int size() {
                return rows.size();
            }

            @Override
            public Batch batch(long position, int[] wanted) {
                return Batches.languageModel(pick(rows, wanted), tokenizer.padId());
            }
        };
    }

    /**
     * A document as the model sees it.
     *
     * @param tokens ids of its bases
     * @param tokenizer gives the begin and end tokens
     * @return begin, tokens, end
     */
    static int[] document(int[] tokens, Tokenizer tokenizer) {
        int[] row = new int[tokens.length + 2];
        row[0] = tokenizer.beginId();
        System.arraycopy(tokens, 0, row, 1, tokens.length);
        row[row.length - 1] = tokenizer.endId();
        return row;
    }

    private static List<int[]> pick(List<int[]> rows, int[] wanted) {
        List<int[]> picked = new ArrayList<>();
        for (int row : wanted) {
            picked.add(rows.get(row));
        }
        return picked;
    }
}

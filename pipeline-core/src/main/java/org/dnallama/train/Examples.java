package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.dnallama.model.Batch;
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
     * Into how many parts neighbouring rows are to be cut, so that one part of all is not too much for the memory.
     *
     * @return 1 if all rows are in memory
     */
    default int parts() {
        return 1;
    }

    /**
     * Tells which rows batches are made of from now on; what is not in memory is read meanwhile. Of examples with more
     * than one part no others may be asked for.
     *
     * @param ranges the first ones first
     * @param reader reads in the background
     */
    default void expect(List<Stripes.Range> ranges, Executor reader) {}

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
}

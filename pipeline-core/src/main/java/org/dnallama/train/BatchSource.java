package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;

/** The micro-batches of each step, as a function of the step's number. */
final class BatchSource {

    private final Examples examples;
    private final RowOrder order;
    private final int batchSize;
    private final int microBatch;

    BatchSource(Examples examples, TrainingSettings settings, Seeds seeds) {
        this.examples = examples;
        this.order = new RowOrder(examples.size(), seeds);
        this.batchSize = settings.batchSize();
        this.microBatch = settings.microBatch();
    }

    /**
     * A step's rows, cut into micro-batches.
     *
     * @param step from 1
     */
    List<Batch> step(long step) {
        List<Batch> batches = new ArrayList<>();
        long start = (step - 1) * batchSize;
        for (int at = 0; at < batchSize; at += microBatch) {
            int[] rows = new int[Math.min(microBatch, batchSize - at)];
            for (int i = 0; i < rows.length; i++) {
                rows[i] = order.row(start + at + i);
            }
            batches.add(examples.batch(rows));
        }
        return batches;
    }
}

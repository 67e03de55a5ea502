package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;

/** The micro-batches of each step, as a function of the step's number. */
public final class BatchSource {

    private final Examples examples;
    private final RowOrder order;
    private final int batchSize;
    private final int microBatch;

    BatchSource(Examples examples, TrainingSettings settings, Seeds seeds) {
        this(examples, settings.batchSize(), settings.microBatch(), seeds);
    }

    /**
     * Batches of a run.
     *
     * @param examples all rows
     * @param batchSize rows in a step
     * @param microBatch rows in a micro-batch; the last one of a step may be smaller
     * @param seeds the run's, which give the order of rows
     */
    public BatchSource(Examples examples, int batchSize, int microBatch, Seeds seeds) {
        this.examples = examples;
        this.order = new RowOrder(examples.size(), seeds);
        this.batchSize = batchSize;
        this.microBatch = microBatch;
    }

    /**
     * A step's rows, cut into micro-batches.
     *
     * @param step from 1
     * @return its rows in order, at least one micro-batch
     */
    public List<Batch> step(long step) {
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

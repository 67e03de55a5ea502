package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.dnallama.config.Seeds;
import org.dnallama.config.Threads;
import org.dnallama.model.Batch;

/** A rank's micro-batches of each step, as a function of the step's number; rows are read in the background. */
public final class BatchSource implements AutoCloseable {

    private final Examples examples;
    private final Stripes stripes;
    private final Stripes.Range own;
    private final List<RowOrder> orders = new ArrayList<>();
    private final ExecutorService reader = Executors.newSingleThreadExecutor(Threads.daemons("read-ahead"));

    /**
     * All micro-batches, for one rank.
     *
     * @param examples all rows
     * @param batchSize rows in a step
     * @param microBatch rows in a micro-batch; the last one of a step may be smaller
     * @param seeds the run's, which give the order of rows
     */
    public BatchSource(Examples examples, int batchSize, int microBatch, Seeds seeds) {
        this(examples, new Stripes(examples.size(), batchSize, microBatch), seeds);
    }

    private BatchSource(Examples examples, Stripes stripes, Seeds seeds) {
        this(examples, stripes, stripes.ofRank(0, 1), seeds);
    }

    BatchSource(Examples examples, Stripes stripes, Stripes.Range own, Seeds seeds) {
        this.examples = examples;
        this.stripes = stripes;
        this.own = own;
        for (int i = own.from(); i < own.to(); i++) {
            orders.add(new RowOrder(stripes.stripe(i), i, examples.parts(), seeds));
        }
    }

    /**
     * A step's rows, in micro-batches.
     *
     * @param step from 1
     * @return its rows in order, at least one micro-batch
     */
    public MicroBatches step(long step) {
        examples.expect(ranges(step), reader);
        List<Batch> batches = new ArrayList<>();
        for (int i = own.from(); i < own.to(); i++) {
            int[] rows = new int[stripes.draws(i)];
            for (int r = 0; r < rows.length; r++) {
                rows[r] = orders.get(i - own.from()).row(drawn(step, i) + r);
            }
            batches.add(examples.batch((step - 1) * stripes.batchSize() + stripes.start(i), rows));
        }
        return new MicroBatches(step, own.from(), batches);
    }

    /** The parts of stripes that a step draws from, then those that have their turns after it. */
    private List<Stripes.Range> ranges(long step) {
        List<Stripes.Range> now = new ArrayList<>();
        List<Stripes.Range> next = new ArrayList<>();
        for (int i = own.from(); i < own.to(); i++) {
            RowOrder order = orders.get(i - own.from());
            long end = drawn(step, i) + stripes.draws(i);
            long at = drawn(step, i);
            while (at < end) {
                RowOrder.Turn turn = order.turn(at);
                now.add(turn.rows());
                at = turn.end();
            }
            next.add(order.turn(at).rows());
        }
        now.addAll(next);
        return now;
    }

    /** Rows that were drawn from a stripe before a step. */
    private long drawn(long step, int microBatch) {
        return (step - 1) * stripes.draws(microBatch);
    }

    @Override
    public void close() {
        reader.shutdownNow();
    }
}

package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Llama;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.BatchPortion;
import org.dnallama.optim.LocalField;

/**
 * This process's part of the loss surface: sums over all targets of the current step's micro-batches, so that it makes
 * no difference how rows are cut into micro-batches. Lanes sum their own micro-batches in order, then the lanes are
 * summed in order.
 */
public final class LocalGradientField implements LocalField, AutoCloseable {

    private final Lanes<? extends Objective> lanes;
    private final List<Parameters> laneGradients = new ArrayList<>();
    private final double dropout;
    private final Seeds seeds;
    private List<Batch> batches = List.of();
    private long step;

    /**
     * A field over the models of some lanes.
     *
     * @param lanes who computes; closed by the caller
     * @param like parameters of the model's layout
     * @param dropout rate of the branches' dropout
     * @param seeds the run's
     */
    public LocalGradientField(Lanes<? extends Objective> lanes, Parameters like, double dropout, Seeds seeds) {
        this.lanes = lanes;
        this.dropout = dropout;
        this.seeds = seeds;
        // Lane 0 writes straight into the caller's gradient.
        for (int lane = 1; lane < lanes.count(); lane++) {
            laneGradients.add(like.zerosLike());
        }
    }

    /**
     * Takes up a step's micro-batches.
     *
     * @param newStep from 1; dropout depends on it
     * @param newBatches the step's rows
     */
    public void begin(long newStep, List<Batch> newBatches) {
        this.step = newStep;
        this.batches = newBatches;
    }

    @Override
    public int microBatches() {
        return batches.size();
    }

    @Override
    public long targets(BatchPortion portion) {
        return batches.subList(first(portion), end(portion)).stream()
                .mapToLong(Batch::targetCount)
                .sum();
    }

    private int first(BatchPortion portion) {
        return (int) ((long) batches.size() * portion.from() / portion.of());
    }

    private int end(BatchPortion portion) {
        return (int) ((long) batches.size() * portion.to() / portion.of());
    }

    @Override
    public double sum(Parameters theta, BatchPortion portion, double scale, Parameters gradient) {
        int from = first(portion);
        int to = end(portion);
        if (from == to) {
            throw new IllegalArgumentException(
                    "%d micro-batches cannot be cut into %d portions".formatted(batches.size(), portion.of()));
        }
        double[] losses = new double[batches.size()];
        lanes.run(lane -> {
            Parameters mine = lane == 0 ? gradient : laneGradients.get(lane - 1);
            mine.buckets().forEach(bucket -> theta.backend().fill(bucket.buffer(), 0));
            for (int i = from + lane; i < to; i += lanes.count()) {
                long stream = seeds.key("micro-batch", step, i);
                Llama.Dropouts dropouts = new Llama.Dropouts(dropout, theta.adapterDropout(), seeds, stream);
                losses[i] = lanes.model(lane).lossAndGradient(theta, batches.get(i), dropouts, scale, mine);
            }
        });
        for (Parameters mine : laneGradients) {
            for (int b = 0; b < mine.buckets().size(); b++) {
                theta.backend()
                        .addScaled(
                                gradient.buckets().get(b).buffer(),
                                1,
                                mine.buckets().get(b).buffer());
            }
        }
        double sum = 0;
        for (double loss : losses) {
            sum += loss;
        }
        return sum;
    }

    @Override
    public void close() {
        laneGradients.forEach(Parameters::close);
    }
}

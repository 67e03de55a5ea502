package org.dnallama.train;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Dropouts;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.BatchPortion;
import org.dnallama.optim.LocalField;

/**
 * This process's part of the loss surface: sums over all targets of the current step's micro-batches, so that it makes
 * no difference how rows are cut into micro-batches.
 *
 * <p>Branches of the step are added in the order of a binary tree: the sum of the first half plus the sum of the
 * second. Lanes share a rank's branches and ranks share those of the step, so neither their number nor their timing
 * touches a bit of the result, as long as the numbers of ranks and lanes are powers of two.
 */
public final class LocalGradientField implements LocalField, AutoCloseable {

    private final Lanes<? extends Objective> lanes;
    private final Parameters like;
    private final Branches branches;
    private final DropoutRates dropout;
    private final Seeds seeds;
    /** Of each lane, sums of second halves, by depth. */
    private final List<Map<Integer, Parameters>> halves = new ArrayList<>();

    private MicroBatches current = new MicroBatches(0, 0, List.of());

    /**
     * A field over the models of some lanes.
     *
     * @param lanes who computes; closed by the caller
     * @param like parameters of the model's layout
     * @param branches how a step is summed
     * @param dropout rates of the model's own sites
     * @param seeds the run's
     */
    public LocalGradientField(
            Lanes<? extends Objective> lanes, Parameters like, Branches branches, DropoutRates dropout, Seeds seeds) {
        this.lanes = lanes;
        this.like = like;
        this.branches = branches;
        this.dropout = dropout;
        this.seeds = seeds;
        for (int lane = 0; lane < lanes.count(); lane++) {
            halves.add(new HashMap<>());
        }
        reserve(branches.count(branches.microBatches()), 0, lanes.count(), 0);
    }

    /** Allocates what {@link Tree#sum} will use. */
    private void reserve(int count, int lane, int laneCount, int depth) {
        if (count > 1) {
            int some = laneCount / 2;
            half(lane + some, depth);
            reserve(count / 2, lane, Math.max(1, some), depth);
            reserve(count - count / 2, lane + some, laneCount - some, depth + 1);
        }
    }

    /**
     * Takes up a step's micro-batches.
     *
     * @param microBatches this rank's; dropout depends on the step and on their numbers
     */
    public void begin(MicroBatches microBatches) {
        this.current = microBatches;
    }

    @Override
    public int microBatches() {
        return current.batches().size();
    }

    @Override
    public long targets(BatchPortion portion) {
        return chosen(portion)
                .mapToLong(i -> current.batches().get(i).targetCount())
                .sum();
    }

    /** Every of-th micro-batch falls into the same portion, so that all ranks have work in each. */
    private IntStream chosen(BatchPortion portion) {
        return IntStream.range(0, current.batches().size())
                .filter(i -> i % portion.of() >= portion.from() && i % portion.of() < portion.to());
    }

    @Override
    public double sum(Parameters theta, BatchPortion portion, double scale, Parameters gradient, IntConsumer finished) {
        int[] chosen = chosen(portion).toArray();
        if (chosen.length == 0) {
            throw new IllegalArgumentException("%d micro-batches cannot be cut into %d portions"
                    .formatted(current.batches().size(), portion.of()));
        }
        Announcements inOrder = new Announcements(gradient.buckets(), finished);
        return new Tree(theta, scale, chosen)
                .sum(0, branches.count(chosen.length), 0, lanes.count(), new Target(gradient, 0, inOrder::finished));
    }

    /** Where a sum goes, at which depth of second halves, and who is told of its finished buckets. */
    private record Target(Parameters gradient, int depth, IntConsumer finished) {

        /** Tells of the buckets that are finished with a block. */
        void finish(int block) {
            for (int bucket = 0; bucket < gradient.buckets().size(); bucket++) {
                if (gradient.buckets().get(bucket).block() == block) {
                    finished.accept(bucket);
                }
            }
        }
    }

    /** One evaluation. */
    private final class Tree {
        private final Parameters theta;
        private final double scale;
        private final int[] chosen;

        Tree(Parameters theta, double scale, int[] chosen) {
            this.theta = theta;
            this.scale = scale;
            this.chosen = chosen;
        }

        /** Sums branches [from, to) on some lanes; returns their loss. */
        double sum(int from, int to, int lane, int laneCount, Target target) {
            if (to - from == 1) {
                return branch(from, lane, target);
            }
            int middle = from + (to - from) / 2;
            Parameters other = half(lane + laneCount / 2, target.depth);
            if (laneCount == 1) {
                double first = sum(from, middle, lane, 1, new Target(target.gradient, target.depth, bucket -> {}));
                double second = sum(middle, to, lane, 1, new Target(other, target.depth + 1, bucket -> {
                    add(target.gradient, other, bucket);
                    target.finished.accept(bucket);
                }));
                return first + second;
            }
            // Whichever half finishes a bucket last adds the two.
            AtomicIntegerArray halvesDone =
                    new AtomicIntegerArray(target.gradient.buckets().size());
            IntConsumer eitherFinished = bucket -> {
                if (halvesDone.incrementAndGet(bucket) == 2) {
                    add(target.gradient, other, bucket);
                    target.finished.accept(bucket);
                }
            };
            int some = laneCount / 2;
            return lanes.both(
                    () -> sum(from, middle, lane, some, new Target(target.gradient, target.depth, eitherFinished)),
                    () -> sum(
                            middle,
                            to,
                            lane + some,
                            laneCount - some,
                            new Target(other, target.depth + 1, eitherFinished)));
        }

        /** Micro-batches of one branch are added in place, one after the other; the last one finishes buckets. */
        private double branch(int branch, int lane, Target target) {
            Parameters gradient = target.gradient;
            gradient.buckets().forEach(bucket -> theta.backend().fill(bucket.buffer(), 0));
            double loss = 0;
            int end = branches.end(branch, chosen.length);
            for (int i = branches.start(branch); i < end; i++) {
                Batch batch = current.batches().get(chosen[i]);
                IntConsumer blockDone = i == end - 1 ? target::finish : block -> {};
                loss += lanes.model(lane)
                        .lossAndGradient(theta, batch, dropouts(chosen[i]), scale, gradient, blockDone);
            }
            target.finish(-1);
            return loss;
        }

        private Dropouts dropouts(int microBatch) {
            long stream = seeds.key("micro-batch", current.step(), current.first() + microBatch);
            return new Dropouts(dropout, theta.adapterDropout(), seeds, stream);
        }
    }

    private Parameters half(int lane, int depth) {
        return halves.get(lane).computeIfAbsent(depth, level -> like.zerosLike());
    }

    private static void add(Parameters sum, Parameters other, int bucket) {
        sum.backend()
                .addScaled(
                        sum.buckets().get(bucket).buffer(),
                        1,
                        other.buckets().get(bucket).buffer());
    }

    @Override
    public void close() {
        halves.forEach(own -> own.values().forEach(Parameters::close));
    }
}

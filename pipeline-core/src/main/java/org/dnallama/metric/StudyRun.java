package org.dnallama.metric;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * One training run of a study.
 *
 * @param learningRate its peak
 * @param seed of its weights, order of rows and dropout
 * @param log how it went; without a held-out loss if it failed
 * @param failure why it failed, if it did
 */
public record StudyRun(double learningRate, long seed, TrainingLog log, Optional<String> failure) {

    /**
     * The loss on held-out rows where it was lowest: the checkpoint that one would keep.
     *
     * @return nats; infinite if the run failed
     */
    public double bestLoss() {
        return failure.isPresent()
                ? Double.POSITIVE_INFINITY
                : log.heldOut().stream()
                        .mapToDouble(TrainingLog.Point::value)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY);
    }

    /**
     * The highest MCC on dev.
     *
     * @return the MCC; empty for a language model
     */
    public OptionalDouble bestMcc() {
        return log.of("devMcc").stream().mapToDouble(TrainingLog.Point::value).max();
    }

    /**
     * What a run had spent when its held-out loss first came down to a target, linear between two measurements.
     *
     * @param target nats
     * @param cost of a point, such as its seconds
     * @return the cost; empty if the target was not reached; that of the first measurement if that is there already
     */
    public OptionalDouble costTo(double target, ToDoubleFunction<TrainingLog.Point> cost) {
        List<TrainingLog.Point> points = log.heldOut();
        for (int i = 0; i < points.size(); i++) {
            double here = points.get(i).value();
            if (here <= target) {
                double end = cost.applyAsDouble(points.get(i));
                if (i == 0) {
                    return OptionalDouble.of(end);
                }
                double before = points.get(i - 1).value();
                double start = cost.applyAsDouble(points.get(i - 1));
                return OptionalDouble.of(start + (end - start) * (before - target) / (before - here));
            }
        }
        return OptionalDouble.empty();
    }
}

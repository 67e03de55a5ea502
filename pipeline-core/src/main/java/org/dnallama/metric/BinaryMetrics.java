package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that the scores of a binary classifier tell.
 *
 * @param ranked the scores
 * @param threshold the least score that predicts class 1
 * @param counts the confusion table at the threshold
 */
public record BinaryMetrics(RankedScores ranked, double threshold, ConfusionCounts counts) {

    /**
     * Metrics at a threshold.
     *
     * @param ranked the scores
     * @param threshold the least score that predicts class 1
     * @return the metrics
     */
    public static BinaryMetrics of(RankedScores ranked, double threshold) {
        return new BinaryMetrics(ranked, threshold, ranked.at(threshold));
    }

    /**
     * Metrics at a threshold.
     *
     * @param scores probability (or any rising function of it) of class 1, one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @param threshold the least score that predicts class 1
     * @return the metrics
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public static BinaryMetrics of(double[] scores, int[] labels, double threshold) {
        return of(RankedScores.of(scores, labels), threshold);
    }

    /**
     * The ROC curve.
     *
     * @return empty when a class is missing
     */
    public Optional<RocCurve> roc() {
        return RocCurve.of(ranked);
    }

    /**
     * The precision-recall curve.
     *
     * @return empty when a class is missing
     */
    public Optional<PrecisionRecallCurve> precisionRecall() {
        return PrecisionRecallCurve.of(ranked);
    }

    /**
     * Every metric's value.
     *
     * @return those that are defined
     */
    public Map<Metric, Double> values() {
        Map<Metric, Double> values = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            metric.of(this).ifPresent(value -> values.put(metric, value));
        }
        return values;
    }

    /**
     * The content of {@code metrics.json}; an undefined metric is {@code null}.
     *
     * @return the keys of {@link Metric}, then tp, fp, tn, fn, count, threshold
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Metric metric : Metric.values()) {
            OptionalDouble value = metric.of(this);
            json.put(metric.key(), value.isPresent() ? value.getAsDouble() : null);
        }
        return json.put("tp", counts.tp())
                .put("fp", counts.fp())
                .put("tn", counts.tn())
                .put("fn", counts.fn())
                .put("count", counts.count())
                .put("threshold", threshold);
    }
}

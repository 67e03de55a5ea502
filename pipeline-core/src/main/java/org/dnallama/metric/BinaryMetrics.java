package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Everything that the scores of a binary classifier tell.
 *
 * @param counts the confusion table at the threshold
 * @param threshold the least score that predicts class 1
 * @param roc the ROC curve; empty when a class is missing
 * @param precisionRecall the precision-recall curve; empty when a class is missing
 */
public record BinaryMetrics(
        ConfusionCounts counts,
        double threshold,
        Optional<RocCurve> roc,
        Optional<PrecisionRecallCurve> precisionRecall) {

    /**
     * Computes all metrics.
     *
     * @param scores probability (or any rising function of it) of class 1, one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @param threshold the least score that predicts class 1
     * @return the metrics
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public static BinaryMetrics of(double[] scores, int[] labels, double threshold) {
        return new BinaryMetrics(
                ConfusionCounts.of(scores, labels, threshold),
                threshold,
                RocCurve.of(scores, labels),
                PrecisionRecallCurve.of(scores, labels));
    }

    /**
     * Area under the ROC curve.
     *
     * @return in [0, 1]; empty when a class is missing
     */
    public OptionalDouble auroc() {
        return roc.isPresent() ? OptionalDouble.of(roc.get().auroc()) : OptionalDouble.empty();
    }

    /**
     * Average precision.
     *
     * @return in (0, 1]; empty when a class is missing
     */
    public OptionalDouble auprc() {
        return precisionRecall.isPresent()
                ? OptionalDouble.of(precisionRecall.get().auprc())
                : OptionalDouble.empty();
    }

    /**
     * The content of {@code metrics.json}; an undefined metric is {@code null}.
     *
     * @return keys mcc, f1, f1Macro, auroc, auprc, accuracy, precision, recall, tp, fp, tn, fn, count, threshold
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        put(json, "mcc", counts.mcc());
        put(json, "f1", counts.f1());
        put(json, "f1Macro", counts.f1Macro());
        put(json, "auroc", auroc());
        put(json, "auprc", auprc());
        put(json, "accuracy", counts.accuracy());
        put(json, "precision", counts.precision());
        put(json, "recall", counts.recall());
        return json.put("tp", counts.tp())
                .put("fp", counts.fp())
                .put("tn", counts.tn())
                .put("fn", counts.fn())
                .put("count", counts.count())
                .put("threshold", threshold);
    }

    private static void put(ObjectNode json, String key, OptionalDouble value) {
        if (value.isPresent()) {
            json.put(key, value.getAsDouble());
        } else {
            json.putNull(key);
        }
    }
}

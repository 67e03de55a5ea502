package org.dnallama.metric;

import java.util.OptionalDouble;

/**
 * The confusion table of a binary classifier and the metrics that are functions of it alone. Each metric is empty
 * exactly when the denominator of its formula is zero.
 *
 * @param tp positives predicted positive
 * @param fp negatives predicted positive
 * @param tn negatives predicted negative
 * @param fn positives predicted negative
 */
public record ConfusionCounts(long tp, long fp, long tn, long fn) {

    /**
     * Checks the counts.
     *
     * @throws IllegalArgumentException if a count is negative
     */
    public ConfusionCounts {
        if (tp < 0 || fp < 0 || tn < 0 || fn < 0) {
            throw new IllegalArgumentException(
                    "counts must be at least 0: tp=" + tp + " fp=" + fp + " tn=" + tn + " fn=" + fn);
        }
    }

    /**
     * Examples counted.
     *
     * @return tp + fp + tn + fn
     */
    public long count() {
        return tp + fp + tn + fn;
    }

    /**
     * Matthews correlation, (tp·tn - fp·fn) / √((tp+fp)(tp+fn)(tn+fp)(tn+fn)).
     *
     * @return in [-1, 1]; empty when a margin of the table is zero
     * @see <a href="https://doi.org/10.1016/0005-2795(75)90109-9">Matthews 1975</a>
     */
    public OptionalDouble mcc() {
        // In double: the product of the margins reaches 1e37 for counts of 1e9, far beyond a long.
        double margins = Math.sqrt((double) (tp + fp) * (tp + fn)) * Math.sqrt((double) (tn + fp) * (tn + fn));
        return ratio((double) tp * tn - (double) fp * fn, margins);
    }

    /**
     * F1 of class 1, 2·tp / (2·tp + fp + fn).
     *
     * @return in [0, 1]; empty when there is neither a positive nor a positive prediction
     */
    public OptionalDouble f1() {
        return f1(tp);
    }

    /**
     * Unweighted mean of the F1 of both classes.
     *
     * @return in [0, 1]; empty when the F1 of either class is
     */
    public OptionalDouble f1Macro() {
        OptionalDouble positive = f1(tp);
        OptionalDouble negative = f1(tn);
        return positive.isPresent() && negative.isPresent()
                ? OptionalDouble.of((positive.getAsDouble() + negative.getAsDouble()) / 2)
                : OptionalDouble.empty();
    }

    /**
     * (tp + tn) / count.
     *
     * @return in [0, 1]; empty when nothing was counted
     */
    public OptionalDouble accuracy() {
        return ratio(tp + tn, count());
    }

    /**
     * tp / (tp + fp).
     *
     * @return in [0, 1]; empty when nothing was predicted positive
     */
    public OptionalDouble precision() {
        return ratio(tp, tp + fp);
    }

    /**
     * tp / (tp + fn).
     *
     * @return in [0, 1]; empty when there is no positive
     */
    public OptionalDouble recall() {
        return ratio(tp, tp + fn);
    }

    private OptionalDouble f1(long hits) {
        return ratio(2.0 * hits, 2.0 * hits + fp + fn);
    }

    private static OptionalDouble ratio(long part, long whole) {
        return ratio((double) part, (double) whole);
    }

    private static OptionalDouble ratio(double numerator, double denominator) {
        return denominator == 0 ? OptionalDouble.empty() : OptionalDouble.of(numerator / denominator);
    }
}

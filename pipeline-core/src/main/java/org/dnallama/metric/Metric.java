package org.dnallama.metric;

import java.util.OptionalDouble;
import java.util.function.Function;

/** What predictions are judged by. Each metric is empty where it is undefined, never zero. */
public enum Metric {
    /** Matthews correlation. */
    MCC("mcc", "MCC", m -> m.counts().mcc()),
    /** F1 of class 1. */
    F1("f1", "F1", m -> m.counts().f1()),
    /** Mean F1 of both classes. */
    F1_MACRO("f1Macro", "F1, macro", m -> m.counts().f1Macro()),
    /** Area under the ROC curve. */
    AUROC("auroc", "AUROC", m -> m.ranked().auroc()),
    /** Average precision. */
    AUPRC("auprc", "AUPRC", m -> m.ranked().auprc()),
    /** Right predictions. */
    ACCURACY("accuracy", "Accuracy", m -> m.counts().accuracy()),
    /** Right ones among the positive predictions. */
    PRECISION("precision", "Precision", m -> m.counts().precision()),
    /** Positives that were found. */
    RECALL("recall", "Recall", m -> m.counts().recall()),
    /** Mean squared distance between score and label; less is better. */
    BRIER("brier", "Brier score", m -> m.ranked().brier()),
    /** Expected calibration error; less is better. */
    CALIBRATION_ERROR(
            "calibrationError",
            "Calibration error",
            m -> Calibration.of(m.ranked())
                    .map(c -> OptionalDouble.of(c.error()))
                    .orElse(OptionalDouble.empty()));

    private final String key;
    private final String title;

    @SuppressWarnings("ImmutableEnumChecker") // none of them holds anything
    private final Function<BinaryMetrics, OptionalDouble> value;

    Metric(String key, String title, Function<BinaryMetrics, OptionalDouble> value) {
        this.key = key;
        this.title = title;
        this.value = value;
    }

    /**
     * Its name in JSON.
     *
     * @return such as {@code f1Macro}
     */
    public String key() {
        return key;
    }

    /**
     * Its name in tables.
     *
     * @return such as {@code F1, macro}
     */
    public String title() {
        return title;
    }

    /**
     * Its value.
     *
     * @param metrics the predictions
     * @return the value; empty where its formula has no denominator
     */
    public OptionalDouble of(BinaryMetrics metrics) {
        return value.apply(metrics);
    }
}

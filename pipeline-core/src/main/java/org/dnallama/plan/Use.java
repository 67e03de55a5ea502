package org.dnallama.plan;

/** What a device's memory is used for in training. */
public enum Use {
    /** Parameters, those that are frozen too. */
    WEIGHTS("weights"),
    /** The trained parameters with the best evaluation so far. */
    BEST("best weights so far"),
    /** One gradient for each lane. */
    GRADIENTS("gradients"),
    /** Moments, and what an optimizer keeps within a step. */
    OPTIMIZER("optimizer"),
    /** What the forward passes keep for the backward ones, and scratch. */
    ACTIVATIONS("activations"),
    /** Logits of some tokens at a time, and the table of rotary angles. */
    LOGITS("logits, rotary table");

    private final String label;

    Use(String label) {
        this.label = label;
    }

    /**
     * Its name in a table.
     *
     * @return some words
     */
    public String label() {
        return label;
    }

    /**
     * Its name in JSON.
     *
     * @return such as {@code weightsBytes}
     */
    public String key() {
        return name().toLowerCase(java.util.Locale.ROOT) + "Bytes";
    }
}

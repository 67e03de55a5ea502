package org.dnallama.shard;

import java.util.Locale;

/** The parts of a labelled data set. */
public enum LabelledSplit {
    /** What a model learns from. */
    TRAIN,
    /** What choices are made on. */
    DEV,
    /** What results are told on. */
    TEST;

    /**
     * Its name in files and folders.
     *
     * @return {@code train}, {@code dev} or {@code test}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

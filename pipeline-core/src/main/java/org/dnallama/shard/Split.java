package org.dnallama.shard;

import java.util.Locale;

/** The parts of a set of shards. */
public enum Split {
    /** What a model learns from. */
    TRAIN,
    /** What its loss is measured on. */
    VALID;

    /**
     * Its name in folders and manifests.
     *
     * @return {@code train} or {@code valid}
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}

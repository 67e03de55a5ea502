package org.dnallama.tensorboard;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Numbers that belong to one moment of a run.
 *
 * @param wallTimeSeconds since 1970 UTC
 * @param step of the run
 * @param scalars by tag; TensorBoard groups tags by what stands before their slash. Order is kept
 */
public record ScalarEvent(double wallTimeSeconds, long step, Map<String, Double> scalars) {

    /** Copies the map. */
    public ScalarEvent {
        scalars = Collections.unmodifiableMap(new LinkedHashMap<>(scalars));
    }
}

package org.dnallama.spark.monitor;

import java.io.Serializable;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a rank tells the driver.
 *
 * @param run its run's name
 * @param event what happened
 * @param step after which step
 * @param steps of the whole run
 * @param values what was measured
 */
record RankReport(String run, Event event, long step, long steps, Map<String, Double> values) implements Serializable {

    /** What happened. */
    enum Event {
        STARTED,
        STEPPED,
        EVALUATED
    }

    /** Copies the map, into one that can be sent. */
    RankReport {
        values = new LinkedHashMap<>(values);
    }
}

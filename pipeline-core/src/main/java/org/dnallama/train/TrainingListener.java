package org.dnallama.train;

import java.util.Map;

/** Is told how training goes. */
public interface TrainingListener extends AutoCloseable {

    /** Hears nothing. */
    TrainingListener NONE = new TrainingListener() {};

    /**
     * Training begins or goes on.
     *
     * @param doneSteps steps taken by an earlier run
     * @param steps of the whole run
     */
    default void started(long doneSteps, long steps) {}

    /**
     * A step was taken.
     *
     * @param step its number, from 1
     * @param values what {@code metrics.jsonl} holds of it
     */
    default void stepped(long step, Map<String, Double> values) {}

    /**
     * Held-out rows were measured.
     *
     * @param step after which step
     * @param values what was measured
     */
    default void evaluated(long step, Map<String, Double> values) {}

    @Override
    default void close() {}
}

package org.dnallama.train;

import java.util.Map;
import org.dnallama.model.Parameters;

/** Measures parameters on held-out rows. */
interface Evaluator {

    /**
     * What was measured.
     *
     * @param values names such as {@code devMcc} to numbers; NaN where undefined
     * @param score by which the best checkpoint is chosen; higher is better
     */
    record Result(Map<String, Double> values, double score) {}

    /** Measures. */
    Result evaluate(Parameters theta);
}

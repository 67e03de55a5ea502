package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * A 95 % percentile interval of a bootstrap.
 *
 * @param low 2.5th percentile of the resampled values: the smallest that at least this part does not exceed
 * @param high 97.5th percentile
 * @param resamples in which the value was defined; the others tell nothing and are left out
 * @see <a href="https://doi.org/10.1201/9780429246593">Efron and Tibshirani 1993, chapter 13</a>
 */
public record ConfidenceInterval(double low, double high, int resamples) {

    private static final double LOW = 2.5;
    private static final double HIGH = 97.5;

    /**
     * Of resampled values.
     *
     * @param values from the resamples in which there is one
     * @return empty when there is none at all
     */
    public static Optional<ConfidenceInterval> of(double[] values) {
        if (values.length == 0) {
            return Optional.empty();
        }
        Percentile percentile = new Percentile().withEstimationType(Percentile.EstimationType.R_1);
        percentile.setData(values);
        return Optional.of(new ConfidenceInterval(percentile.evaluate(LOW), percentile.evaluate(HIGH), values.length));
    }

    /**
     * Of every metric.
     *
     * @param resampled for each resample the values that are defined
     * @return the metrics that were defined in some resample
     */
    public static Map<Metric, ConfidenceInterval> of(List<Map<Metric, Double>> resampled) {
        Map<Metric, ConfidenceInterval> intervals = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            of(resampled.stream()
                            .filter(values -> values.containsKey(metric))
                            .mapToDouble(values -> values.get(metric))
                            .toArray())
                    .ifPresent(interval -> intervals.put(metric, interval));
        }
        return intervals;
    }

    /**
     * The interval for a file.
     *
     * @return keys low, high, resamples
     */
    public ObjectNode toJson() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("low", low)
                .put("high", high)
                .put("resamples", resamples);
    }
}

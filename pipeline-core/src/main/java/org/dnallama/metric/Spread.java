package org.dnallama.metric;

import java.util.Arrays;
import java.util.List;

/**
 * What repeated runs agree on and by how much they differ.
 *
 * @param count number of values, at least 1
 * @param mean their mean
 * @param sd sample standard deviation (n - 1); 0 for a single value, of which nothing is known
 * @param least smallest value
 * @param most largest value
 */
public record Spread(int count, double mean, double sd, double least, double most) {

    /**
     * Of some values.
     *
     * @param values at least one
     * @return the spread
     */
    public static Spread of(List<Double> values) {
        double[] all = values.stream().mapToDouble(Double::doubleValue).toArray();
        double mean = Arrays.stream(all).average().orElseThrow();
        double squares = Arrays.stream(all).map(x -> (x - mean) * (x - mean)).sum();
        double sd = all.length == 1 ? 0 : Math.sqrt(squares / (all.length - 1));
        return new Spread(
                all.length,
                mean,
                sd,
                Arrays.stream(all).min().orElseThrow(),
                Arrays.stream(all).max().orElseThrow());
    }
}

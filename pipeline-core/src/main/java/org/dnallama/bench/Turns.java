package org.dnallama.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;

/**
 * Measurements that are taken in turns: first of every contestant once, then of every one again. A machine that slows
 * down in between slows them all, so their ratios stay true.
 */
public final class Turns {

    private final Map<String, List<Double>> taken = new LinkedHashMap<>();

    private Turns() {}

    /**
     * Measures.
     *
     * @param repeats how often each contestant has its turn; at least 1
     * @param contestants a measurement each, by name
     * @param afterEach told the contestant's name after each measurement, such as by a progress bar
     * @return what was measured
     */
    public static Turns take(
            int repeats, Map<String, DoubleSupplier> contestants, java.util.function.Consumer<String> afterEach) {
        Turns turns = new Turns();
        for (int repeat = 0; repeat < repeats; repeat++) {
            contestants.forEach((name, measure) -> {
                turns.taken.computeIfAbsent(name, key -> new ArrayList<>()).add(measure.getAsDouble());
                afterEach.accept(name);
            });
        }
        return turns;
    }

    /**
     * A contestant's median.
     *
     * @param name the contestant
     * @return the middle of its measurements
     */
    public double median(String name) {
        return median(values(name));
    }

    /**
     * How two contestants compare: the median of the ratios of neighbouring turns.
     *
     * @param numerator a contestant
     * @param denominator a contestant
     * @return numerator / denominator
     */
    public double ratio(String numerator, String denominator) {
        double[] above = values(numerator);
        double[] below = values(denominator);
        double[] ratios = new double[above.length];
        Arrays.setAll(ratios, i -> above[i] / below[i]);
        return median(ratios);
    }

    private double[] values(String name) {
        List<Double> values = taken.get(name);
        if (values == null) {
            throw new IllegalArgumentException("nobody named " + name + "; there are " + taken.keySet());
        }
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}

package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Two models on the same rows: how much the second has more of each metric, and how sure that is.
 *
 * @param first name of the model that is compared with
 * @param second name of the other
 * @param differences second minus first, of the metrics that both have
 * @param mcNemar whether both are right equally often
 */
public record PairedComparison(String first, String second, Map<Metric, Difference> differences, McNemar mcNemar) {

    /**
     * A difference.
     *
     * @param value second minus first
     * @param interval from resampled rows, of which each draws the same for both; empty without resamples
     */
    public record Difference(double value, Optional<ConfidenceInterval> interval) {}

    /** Copies the differences. */
    public PairedComparison {
        differences = Map.copyOf(differences);
    }

    /**
     * Compares a model with the first one.
     *
     * @param names of all models
     * @param rows scored by all models
     * @param thresholds of all models
     * @param resampled what {@link ScoredRows#resampled} gave, for each resample
     * @param other the model's place, after the first
     * @return the comparison
     */
    public static PairedComparison of(
            List<String> names,
            ScoredRows rows,
            List<Double> thresholds,
            List<List<Map<Metric, Double>>> resampled,
            int other) {
        Map<Metric, Double> first =
                BinaryMetrics.of(rows.ranked(0), thresholds.get(0)).values();
        Map<Metric, Double> second =
                BinaryMetrics.of(rows.ranked(other), thresholds.get(other)).values();
        Map<Metric, Difference> differences = new EnumMap<>(Metric.class);
        for (Metric metric : Metric.values()) {
            difference(first, second, metric).ifPresent(value -> {
                double[] drawn = resampled.stream()
                        .map(models -> difference(models.get(0), models.get(other), metric))
                        .flatMapToDouble(OptionalDouble::stream)
                        .toArray();
                differences.put(metric, new Difference(value, ConfidenceInterval.of(drawn)));
            });
        }
        McNemar mcNemar = McNemar.of(rows.isRight(0, thresholds.get(0)), rows.isRight(other, thresholds.get(other)));
        return new PairedComparison(names.get(0), names.get(other), differences, mcNemar);
    }

    private static OptionalDouble difference(Map<Metric, Double> first, Map<Metric, Double> second, Metric metric) {
        Double one = first.get(metric);
        Double other = second.get(metric);
        return one == null || other == null ? OptionalDouble.empty() : OptionalDouble.of(other - one);
    }

    /**
     * The comparison for a file.
     *
     * @return keys first, second, differences (by metric: difference, low, high, resamples) and mcNemar
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("first", first).put("second", second);
        ObjectNode all = json.putObject("differences");
        for (Metric metric : Metric.values()) {
            Difference difference = differences.get(metric);
            if (difference != null) {
                ObjectNode one = all.putObject(metric.key()).put("difference", difference.value);
                difference.interval.ifPresent(interval -> one.setAll(interval.toJson()));
            }
        }
        json.set("mcNemar", mcNemar.toJson());
        return json;
    }

    /**
     * Comparisons side by side.
     *
     * @param comparisons one for each column
     * @return a row for each metric, then one for McNemar's test
     */
    public static ResultTable table(List<PairedComparison> comparisons) {
        List<String> header = new ArrayList<>(List.of(""));
        comparisons.forEach(c -> header.add(c.second + " - " + c.first));
        List<List<String>> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            List<String> row = new ArrayList<>(List.of(metric.title()));
            comparisons.forEach(c -> row.add(c.cell(metric)));
            rows.add(row);
        }
        List<String> test = new ArrayList<>(List.of("McNemar's p"));
        comparisons.forEach(c -> test.add(String.format(
                Locale.ROOT, "%.2g (%d : %d)", c.mcNemar.p(), c.mcNemar.onlySecond(), c.mcNemar.onlyFirst())));
        rows.add(test);
        return new ResultTable(header, rows);
    }

    private String cell(Metric metric) {
        Difference difference = differences.get(metric);
        if (difference == null) {
            return "undefined";
        }
        return signed(difference.value)
                + difference
                        .interval
                        .map(interval -> " [" + signed(interval.low()) + ", " + signed(interval.high()) + "]")
                        .orElse("");
    }

    private static String signed(double value) {
        return String.format(Locale.ROOT, "%+.4f", value);
    }
}

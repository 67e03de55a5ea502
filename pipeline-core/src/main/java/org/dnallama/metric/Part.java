package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Metrics of all rows or of some, at one threshold.
 *
 * @param key its name in {@code metrics.json}
 * @param title its name in tables
 * @param metrics what the predictions are worth
 * @param intervals how sure that is, of each metric that resampling tells something of
 */
public record Part(String key, String title, BinaryMetrics metrics, Map<Metric, ConfidenceInterval> intervals) {

    private static final String ALL = "all";
    private static final String DEV_THRESHOLD = "devThreshold";

    /** Copies the intervals. */
    public Part {
        intervals = Map.copyOf(intervals);
    }

    /**
     * All rows.
     *
     * @param metrics at the threshold that was asked for
     * @param intervals how sure they are
     * @return the part
     */
    public static Part all(BinaryMetrics metrics, Map<Metric, ConfidenceInterval> intervals) {
        return new Part(ALL, "all rows", metrics, intervals);
    }

    /**
     * All rows at another threshold.
     *
     * @param metrics at the threshold that dev chose
     * @param intervals how sure they are
     * @return the part
     */
    public static Part atDevThreshold(BinaryMetrics metrics, Map<Metric, ConfidenceInterval> intervals) {
        return new Part(DEV_THRESHOLD, "at dev's threshold", metrics, intervals);
    }

    /**
     * The part for a file.
     *
     * @return the keys of {@link BinaryMetrics#toJson()}, then intervals, by the metrics' keys
     */
    public ObjectNode toJson() {
        ObjectNode json = metrics.toJson();
        ObjectNode all = json.putObject("intervals");
        for (Metric metric : Metric.values()) {
            if (intervals.containsKey(metric)) {
                all.set(metric.key(), intervals.get(metric).toJson());
            }
        }
        return json;
    }

    /**
     * Parts side by side.
     *
     * @param parts one for each column
     * @return a row for each metric, then threshold, rows and positives
     */
    public static ResultTable table(List<Part> parts) {
        List<List<String>> rows = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            List<String> row = new ArrayList<>(List.of(metric.title()));
            parts.forEach(part -> row.add(part.cell(metric)));
            rows.add(row);
        }
        List<String> thresholds = new ArrayList<>(List.of("Threshold"));
        List<String> counts = new ArrayList<>(List.of("Sequences"));
        List<String> positives = new ArrayList<>(List.of("of class 1"));
        for (Part part : parts) {
            thresholds.add(number(part.metrics.threshold()));
            counts.add(Long.toString(part.metrics.counts().count()));
            positives.add(Long.toString(part.metrics.ranked().positives()));
        }
        rows.addAll(List.of(thresholds, counts, positives));
        List<String> header = new ArrayList<>(List.of(""));
        parts.forEach(part -> header.add(part.title));
        return new ResultTable(header, rows);
    }

    /** Whether it leaves no row out. */
    boolean isOfAllRows() {
        return key.equals(ALL) || key.equals(DEV_THRESHOLD);
    }

    /** A metric's value and interval. */
    String cell(Metric metric) {
        OptionalDouble value = metric.of(metrics);
        if (value.isEmpty()) {
            return "undefined";
        }
        ConfidenceInterval interval = intervals.get(metric);
        return number(value.getAsDouble())
                + (interval == null ? "" : " [" + number(interval.low()) + ", " + number(interval.high()) + "]");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4f", value);
    }
}

package org.dnallama.metric;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Metrics of evaluations side by side, as text.
 *
 * @param header an empty cell, then the name of each evaluation
 * @param rows the metric's name, then its value in each evaluation
 */
public record ResultTable(List<String> header, List<List<String>> rows) {

    private static final Map<String, String> METRICS = new LinkedHashMap<>();

    static {
        for (Metric metric : Metric.values()) {
            METRICS.put(metric.key(), metric.title());
        }
        METRICS.put("count", "Sequences");
        METRICS.put("trainingSteps", "Training steps");
        METRICS.put("gradientEvaluations", "Gradient evaluations");
        METRICS.put("trainingSeconds", "Training seconds");
    }

    /** Copies the cells. */
    public ResultTable {
        header = List.copyOf(header);
        rows = List.copyOf(rows);
    }

    /**
     * Makes the table.
     *
     * @param evaluations one for each column
     * @return the table
     */
    public static ResultTable of(List<Evaluation> evaluations) {
        List<String> header = new ArrayList<>(List.of(""));
        List<JsonNode> columns = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            header.add(evaluation.name());
            columns.add(evaluation.toJson());
        }
        List<List<String>> rows = new ArrayList<>();
        METRICS.forEach((key, label) -> {
            List<String> row = new ArrayList<>(List.of(label));
            columns.forEach(column -> row.add(cell(key, column.path(key))));
            rows.add(row);
        });
        return new ResultTable(header, rows);
    }

    private static String cell(String key, JsonNode value) {
        if (value.isNull()) {
            return key.startsWith("training") || key.startsWith("gradient") ? "unknown" : "undefined";
        }
        if (value.isIntegralNumber()) {
            return value.asText();
        }
        return String.format(Locale.ROOT, key.endsWith("Seconds") ? "%.1f" : "%.4f", value.asDouble());
    }

    /**
     * The table for a terminal.
     *
     * @return lines, names on the left, figures on the right
     */
    public String toText() {
        int[] widths = new int[header.size()];
        List<List<String>> lines = new ArrayList<>(List.of(header));
        lines.addAll(rows);
        for (List<String> line : lines) {
            for (int c = 0; c < widths.length; c++) {
                widths[c] = Math.max(widths[c], line.get(c).length());
            }
        }
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            text.append(String.format("%-" + widths[0] + "s", line.get(0)));
            for (int c = 1; c < widths.length; c++) {
                text.append("  ").append(String.format("%" + widths[c] + "s", line.get(c)));
            }
            text.append('\n');
        }
        return text.toString();
    }
}

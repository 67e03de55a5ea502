package org.dnallama.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.dnallama.config.InputException;

/**
 * What others have published for a task.
 *
 * @param task its name
 * @param rows their figures
 */
public record PublishedRows(String task, List<PublishedRow> rows) {

    private static final List<String> HEADER = List.of("task", "model", "parameters", "metric", "value", "source");

    /**
     * One published figure.
     *
     * @param model its name
     * @param parameters how large it is, as its authors say; may be empty
     * @param metric what was measured
     * @param value the figure, on the scale of the metric
     * @param source where it was published
     */
    public record PublishedRow(String model, String parameters, Metric metric, double value, String source) {}

    /** Copies the rows. */
    public PublishedRows {
        rows = List.copyOf(rows);
    }

    /**
     * Reads the rows of a task from CSV with the columns {@code task,model,parameters,metric,value,source}.
     *
     * @param in the text in UTF-8, not closed
     * @param file its path, for messages
     * @param task which rows are wanted
     * @return at least one row
     * @throws InputException if the file is bad or has no row of the task, with place, value and remedy
     */
    public static PublishedRows read(InputStream in, String file, String task) {
        List<PublishedRow> rows = new ArrayList<>();
        List<String> tasks = new ArrayList<>();
        try {
            CSVParser parser = CSVFormat.DEFAULT.parse(new InputStreamReader(in, StandardCharsets.UTF_8));
            for (CSVRecord row : parser) {
                String place = file + ":" + parser.getCurrentLineNumber();
                if (row.getRecordNumber() == 1) {
                    requireHeader(row, place);
                    continue;
                }
                if (row.size() != HEADER.size()) {
                    throw new InputException(place + ": has " + row.size() + " columns; a row must have "
                            + HEADER.size() + ", '" + String.join(",", HEADER) + "'");
                }
                tasks.add(row.get(0));
                if (row.get(0).equals(task)) {
                    rows.add(new PublishedRow(
                            row.get(1), row.get(2), metric(row.get(3), place), value(row.get(4), place), row.get(5)));
                }
            }
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw new InputException(file + ": cannot be read as CSV: " + e.getMessage() + "; check the quotes", e);
        }
        if (rows.isEmpty()) {
            throw new InputException(file + ": has no row of the task '" + task + "', only of "
                    + String.join(", ", tasks.stream().distinct().toList()) + "; correct evaluate.published.task");
        }
        return new PublishedRows(task, rows);
    }

    private static void requireHeader(CSVRecord row, String place) {
        if (!row.toList().equals(HEADER)) {
            throw new InputException(place + ": header is '" + String.join(",", row.toList())
                    + "'; the first line must be '" + String.join(",", HEADER) + "'");
        }
    }

    private static Metric metric(String key, String place) {
        for (Metric metric : Metric.values()) {
            if (metric.key().equals(key)) {
                return metric;
            }
        }
        List<String> keys = new ArrayList<>();
        for (Metric metric : Metric.values()) {
            keys.add(metric.key());
        }
        throw new InputException(place + ": metric is '" + key + "'; write one of " + String.join(", ", keys));
    }

    private static double value(String text, String place) {
        try {
            double value = Double.parseDouble(text);
            if (value >= -1 && value <= 1) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Refused below, like a number out of bounds.
        }
        throw new InputException(place + ": value is '" + text + "'; write a number in [-1, 1], 0.742 for 74.2");
    }

    /**
     * The rows below this model's own.
     *
     * @param own the model's metrics
     * @return columns parameters, metric, value and source
     */
    ResultTable table(Part own) {
        List<List<String>> cells = new ArrayList<>();
        rows.stream()
                .map(PublishedRow::metric)
                .distinct()
                .forEach(metric -> cells.add(List.of("this model", "", metric.title(), own.cell(metric), "")));
        rows.forEach(row -> cells.add(
                List.of(row.model, row.parameters, row.metric.title(), String.format("%.4f", row.value), row.source)));
        return new ResultTable(List.of("", "Parameters", "Metric", "Value", "Source"), cells);
    }
}

package org.dnallama.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dnallama.config.InputException;

/**
 * How a training run went: for each number that it logged, its course.
 *
 * @param series by the name of the number, in order of steps
 */
public record TrainingLog(Map<String, List<Point>> series) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> COSTS = Set.of("step", "gradientEvaluations", "elapsedSeconds");

    /**
     * A logged number, and what had been spent by then.
     *
     * @param step optimizer steps done
     * @param gradientEvaluations forward and backward passes over a batch done
     * @param elapsedSeconds time spent in training steps
     * @param value the number, such as a mean loss in nats
     */
    public record Point(long step, long gradientEvaluations, double elapsedSeconds, double value) {}

    /** Copies the points. */
    public TrainingLog {
        Map<String, List<Point>> copy = new LinkedHashMap<>();
        series.forEach((name, points) -> copy.put(name, List.copyOf(points)));
        series = Collections.unmodifiableMap(copy);
    }

    /**
     * Reads a checkpoint's {@code metrics.jsonl}.
     *
     * @param text one JSON object a line; empty lines are skipped
     * @param name the file, for messages
     * @return the log
     * @throws InputException if a line is no JSON object
     */
    public static TrainingLog parse(String text, String name) {
        Map<String, List<Point>> series = new LinkedHashMap<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).isBlank()) {
                add(object(lines.get(i), name + ":" + (i + 1)), series);
            }
        }
        return new TrainingLog(series);
    }

    /**
     * The course of a number.
     *
     * @param name such as {@code z}
     * @return points in order of steps; empty if it was never logged
     */
    public List<Point> of(String name) {
        return series.getOrDefault(name, List.of());
    }

    /**
     * Loss of the training batches.
     *
     * @return points in order of steps
     */
    public List<Point> training() {
        return of("lossNats");
    }

    /**
     * Loss of the dev or valid rows.
     *
     * @return points in order of steps
     */
    public List<Point> heldOut() {
        return series.containsKey("devLossNats") ? of("devLossNats") : of("validLossNats");
    }

    /**
     * What was spent in all.
     *
     * @return the furthest point of the log; empty when it has none
     */
    public Optional<Point> last() {
        return series.values().stream().flatMap(List::stream).max(Comparator.comparingLong(Point::step));
    }

    private static JsonNode object(String line, String place) {
        try {
            JsonNode node = JSON.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new InputException(place + ": is no JSON: " + e.getOriginalMessage() + "; train or evaluate anew", e);
        }
        throw new InputException(place + ": is no JSON object; train or evaluate anew");
    }

    private static void add(JsonNode line, Map<String, List<Point>> series) {
        for (Map.Entry<String, JsonNode> field : line.properties()) {
            if (field.getValue().isNumber() && !COSTS.contains(field.getKey())) {
                series.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                        .add(new Point(
                                line.path("step").asLong(),
                                line.path("gradientEvaluations").asLong(),
                                line.path("elapsedSeconds").asDouble(),
                                field.getValue().asDouble()));
            }
        }
    }
}

package org.dnallama.metric;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.dnallama.config.InputException;

/**
 * How the loss went while a model was trained.
 *
 * @param training loss of the training batches, in order of steps
 * @param heldOut loss of the dev or valid rows, in order of steps
 */
public record TrainingLog(List<Point> training, List<Point> heldOut) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> HELD_OUT = List.of("devLossNats", "validLossNats");

    /**
     * A loss, and what had been spent by then.
     *
     * @param step optimizer steps done
     * @param gradientEvaluations forward and backward passes over a batch done
     * @param elapsedSeconds time since training began
     * @param lossNats mean loss
     */
    public record Point(long step, long gradientEvaluations, double elapsedSeconds, double lossNats) {}

    /** Copies the points. */
    public TrainingLog {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
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
        List<Point> training = new ArrayList<>();
        List<Point> heldOut = new ArrayList<>();
        List<String> lines = text.lines().toList();
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            JsonNode line = object(lines.get(i), name + ":" + (i + 1));
            add(line, "lossNats", training);
            HELD_OUT.forEach(key -> add(line, key, heldOut));
        }
        return new TrainingLog(training, heldOut);
    }

    /**
     * What was spent in all.
     *
     * @return the furthest point of the log; empty when it has none
     */
    public Optional<Point> last() {
        Point last = null;
        for (Point point : training) {
            last = point;
        }
        for (Point point : heldOut) {
            last = last == null || point.step() > last.step() ? point : last;
        }
        return Optional.ofNullable(last);
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

    private static void add(JsonNode line, String key, List<Point> points) {
        if (line.path(key).isNumber()) {
            points.add(new Point(
                    line.path("step").asLong(),
                    line.path("gradientEvaluations").asLong(),
                    line.path("elapsedSeconds").asDouble(),
                    line.path(key).asDouble()));
        }
    }
}

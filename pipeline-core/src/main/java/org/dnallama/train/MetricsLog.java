package org.dnallama.train;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Stream;

/** The lines of {@code metrics.jsonl}: one JSON object for each step and each evaluation. */
final class MetricsLog {

    /** The step that a line belongs to. */
    static final String STEP = "step";
    /** When a line was written, in seconds since 1970 UTC. */
    static final String WALL_TIME = "wallTimeSeconds";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final InstantSource clock;
    private final StringBuilder lines = new StringBuilder();

    MetricsLog(InstantSource clock) {
        this.clock = clock;
    }

    void resume(String earlier) {
        lines.setLength(0);
        lines.append(earlier);
    }

    void add(long step, Map<String, Double> values) {
        ObjectNode line = JSON.createObjectNode();
        line.put(STEP, step);
        line.put(WALL_TIME, clock.millis() / 1e3);
        values.forEach((name, value) -> {
            if (Double.isNaN(value)) {
                line.putNull(name);
            } else if (value == Math.rint(value) && Math.abs(value) < 1e15) {
                line.put(name, value.longValue());
            } else {
                line.put(name, value);
            }
        });
        lines.append(line).append('\n');
    }

    /** What it holds at this moment. */
    MetricsLog copy() {
        MetricsLog copy = new MetricsLog(clock);
        copy.resume(text());
        return copy;
    }

    String text() {
        return lines.toString();
    }

    Stream<JsonNode> lines() {
        return text().lines().map(MetricsLog::parse);
    }

    private static JsonNode parse(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a line of the log is no JSON: " + line, e);
        }
    }
}

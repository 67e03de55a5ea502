package org.dnallama.train;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;

/** The lines of {@code metrics.jsonl}: one JSON object for each step and each evaluation. */
final class MetricsLog {

    private final StringBuilder lines = new StringBuilder();

    void resume(String earlier) {
        lines.setLength(0);
        lines.append(earlier);
    }

    void add(long step, Map<String, Double> values) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("step", step);
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

    String text() {
        return lines.toString();
    }
}

package org.dnallama.train;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.dnallama.checkpoint.Storage;
import org.dnallama.tensorboard.EventWriter;
import org.dnallama.tensorboard.ScalarEvent;

/**
 * What {@code metrics.jsonl} holds, once more for TensorBoard. The file follows from the log alone and is written whole
 * each time, so a resumed run repeats no step; a longer log only adds to the end of the file, as readers expect it.
 */
final class TensorBoardFile {

    private static final String FOLDER = "tensorboard/";
    private static final String NAME = "events.out.tfevents.dna-llama";

    private TensorBoardFile() {}

    static void write(MetricsLog log, Storage storage) throws IOException {
        List<ScalarEvent> events = log.lines().map(TensorBoardFile::event).toList();
        double start = events.isEmpty() ? 0 : events.get(0).wallTimeSeconds();
        try (OutputStream out = new BufferedOutputStream(storage.create(FOLDER + NAME))) {
            EventWriter writer = new EventWriter(out, start);
            for (ScalarEvent event : events) {
                writer.write(event);
            }
        }
        // Hadoop's local file system leaves a checksum beside it, and TensorBoard reads all that has tfevents in its
        // name.
        storage.delete(FOLDER + "." + NAME + ".crc");
    }

    /** An evaluation's line also has counters that its step has told already. */
    private static ScalarEvent event(JsonNode line) {
        boolean evaluation = names(line).anyMatch(TensorBoardFile::isHeldOut);
        Map<String, Double> scalars = new LinkedHashMap<>();
        names(line)
                .filter(name -> line.get(name).isNumber() && isHeldOut(name) == evaluation)
                .filter(name -> !name.equals(MetricsLog.STEP) && !name.equals(MetricsLog.WALL_TIME))
                .forEach(name -> scalars.put(
                        (evaluation ? "evaluation/" : "step/") + name,
                        line.get(name).doubleValue()));
        return new ScalarEvent(
                line.required(MetricsLog.WALL_TIME).doubleValue(),
                line.required(MetricsLog.STEP).longValue(),
                scalars);
    }

    private static Stream<String> names(JsonNode line) {
        return StreamSupport.stream(((Iterable<String>) line::fieldNames).spliterator(), false);
    }

    private static boolean isHeldOut(String name) {
        return name.startsWith("dev") || name.startsWith("valid");
    }
}

package org.dnallama.train;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.dnallama.checkpoint.ParametersFile;
import org.dnallama.checkpoint.Storage;
import org.dnallama.model.Parameters;

/**
 * The trainer's own checkpoints, {@code trainer/step-N/}: parameters, the best parameters so far, moments, counters and
 * log. A checkpoint is written beside and renamed, then the one before it is deleted, so there is always a whole one.
 */
final class TrainerCheckpoints {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "trainer";
    private static final String PREFIX = "step-";

    private final Storage storage;

    TrainerCheckpoints(Storage storage) {
        this.storage = storage;
    }

    /** Step of the newest whole checkpoint. */
    OptionalLong newest() {
        try {
            return storage.list(FOLDER).stream()
                    .filter(name -> name.startsWith(PREFIX))
                    .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length())))
                    .max();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void save(TrainState state, Parameters theta, Parameters best, Map<String, Parameters> moments, MetricsLog log) {
        String partial = FOLDER + "/partial";
        try {
            storage.delete(partial);
            ParametersFile.write(storage, partial + "/parameters.safetensors", tensors(theta, best, moments));
            put(partial + "/metrics.jsonl", log.text());
            put(partial + "/state.json", JSON.writeValueAsString(json(state)));
            String name = FOLDER + "/" + PREFIX + state.step();
            storage.delete(name);
            storage.rename(partial, name);
            TensorBoardFile.write(log, storage);
            for (String other : storage.list(FOLDER)) {
                if (other.startsWith(PREFIX) && !name.endsWith("/" + other)) {
                    storage.delete(FOLDER + "/" + other);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + state.step() + " cannot be written", e);
        }
    }

    TrainState load(long step, Parameters theta, Parameters best, Map<String, Parameters> moments, MetricsLog log) {
        String folder = FOLDER + "/" + PREFIX + step;
        try {
            ParametersFile.read(storage, folder + "/parameters.safetensors", tensors(theta, best, moments));
            log.resume(text(folder + "/metrics.jsonl"));
            JsonNode json = JSON.readTree(text(folder + "/state.json"));
            return new TrainState(
                    json.required("step").asLong(),
                    json.required("gradientEvaluations").asLong(),
                    json.required("elapsedSeconds").asDouble(),
                    json.required("bestStep").asLong(),
                    Double.parseDouble(json.required("bestScore").asText()));
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + step + " cannot be read", e);
        }
    }

    private static Map<String, Parameters> tensors(Parameters theta, Parameters best, Map<String, Parameters> moments) {
        Map<String, Parameters> tensors = new LinkedHashMap<>();
        tensors.put("theta/", theta);
        tensors.put("best/", best);
        moments.forEach((name, moment) -> tensors.put(name + "/", moment));
        return tensors;
    }

    private static ObjectNode json(TrainState state) {
        ObjectNode json = JSON.createObjectNode();
        json.put("step", state.step());
        json.put("gradientEvaluations", state.gradientEvaluations());
        json.put("elapsedSeconds", state.elapsedSeconds());
        json.put("bestStep", state.bestStep());
        // As text, because JSON has no infinities.
        json.put("bestScore", Double.toString(state.bestScore()));
        return json;
    }

    private void put(String path, String text) throws IOException {
        try (OutputStream out = storage.create(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private String text(String path) throws IOException {
        try (InputStream in = storage.open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

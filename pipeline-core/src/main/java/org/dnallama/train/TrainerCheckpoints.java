package org.dnallama.train;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.dnallama.checkpoint.ParametersFile;
import org.dnallama.checkpoint.Storage;
import org.dnallama.config.InputException;
import org.dnallama.config.Threads;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Parameters;
import org.jspecify.annotations.Nullable;

/**
 * The trainer's own checkpoints, {@code trainer/step-N/}: parameters, the best parameters so far, moments, counters and
 * log. Each is copied at once, written beside while training goes on, and renamed when it is whole; the newest ones are
 * kept.
 */
final class TrainerCheckpoints implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FOLDER = "trainer";
    private static final String PREFIX = "step-";
    private static final String PARTIAL = "partial";
    private static final String THETA = "theta/";
    private static final String BEST = "best/";
    private static final TypeReference<List<String>> STRINGS = new TypeReference<>() {};

    private final Storage storage;
    private final String optimizerName;
    private final boolean adopt;
    private final int kept;
    private final ExecutorService writer = Executors.newSingleThreadExecutor(Threads.daemons("checkpoint"));
    private final Map<String, Parameters> copies = new LinkedHashMap<>();
    private @Nullable Future<?> writing;

    TrainerCheckpoints(Storage storage, TrainingSettings settings) {
        this.storage = storage;
        this.optimizerName = settings.optimizer().kind().label();
        this.adopt = settings.adopt();
        this.kept = settings.checkpoints().kept();
    }

    /** Step of the newest whole checkpoint. */
    OptionalLong newest() {
        try {
            return steps().max();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private LongStream steps() throws IOException {
        return storage.list(FOLDER).stream()
                .filter(name -> name.startsWith(PREFIX))
                .mapToLong(name -> Long.parseLong(name.substring(PREFIX.length())));
    }

    /**
     * Copies the state and begins to write it, once the checkpoint before is written.
     *
     * @throws TrainingException if the one before could not be written
     */
    void save(TrainState state, Parameters theta, Parameters best, Map<String, Parameters> moments, MetricsLog log) {
        await();
        tensors(theta, best, moments)
                .forEach((name, tensors) ->
                        copies.computeIfAbsent(name, key -> tensors.zerosLike()).copyFrom(tensors));
        MetricsLog soFar = log.copy();
        ObjectNode counters = json(state, moments);
        writing = writer.submit(() -> write(state.step(), counters, soFar));
    }

    /**
     * Waits until the last checkpoint is written.
     *
     * @throws TrainingException if it could not be
     */
    void await() {
        if (writing == null) {
            return;
        }
        try {
            writing.get();
        } catch (ExecutionException e) {
            String good = newest().isPresent() ? "from that of step " + newest().getAsLong() : "from the beginning";
            throw new TrainingException(
                    String.valueOf(Objects.requireNonNull(e.getCause()).getMessage())
                            + "; free space or correct the output, and run the same command again to go on " + good);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a checkpoint was written", e);
        }
    }

    private void write(long step, ObjectNode counters, MetricsLog log) {
        String name = FOLDER + "/" + PREFIX + step;
        // A rank that was given up may still write the same checkpoint: each writes beside the other.
        String partial = FOLDER + "/" + PARTIAL + "-" + UUID.randomUUID();
        try {
            deleteAll(PARTIAL);
            ParametersFile.write(storage, partial + "/parameters.safetensors", copies);
            put(partial + "/metrics.jsonl", log.text());
            put(partial + "/state.json", JSON.writeValueAsString(counters));
            storage.delete(name);
            storage.rename(partial, name);
            TensorBoardFile.write(log, storage);
            long oldest = steps().map(other -> -other)
                    .sorted()
                    .limit(kept)
                    .map(other -> -other)
                    .min()
                    .orElse(0);
            for (long old : steps().filter(other -> other < oldest).toArray()) {
                storage.delete(FOLDER + "/" + PREFIX + old);
            }
        } catch (IOException | RuntimeException e) {
            throw new IllegalStateException(
                    "the checkpoint of step %d cannot be written to %s: %s"
                            .formatted(step, storage.describe(), e.getMessage()),
                    e);
        }
    }

    private void deleteAll(String prefix) throws IOException {
        for (String name : storage.list(FOLDER)) {
            if (name.startsWith(prefix)) {
                storage.delete(FOLDER + "/" + name);
            }
        }
    }

    TrainState load(long step, Parameters theta, Parameters best, Map<String, Parameters> moments, MetricsLog log) {
        String folder = FOLDER + "/" + PREFIX + step;
        try {
            JsonNode json = JSON.readTree(text(folder + "/state.json"));
            Map<String, Parameters> known = compatible(json, moments, folder);
            ParametersFile.read(
                    storage, folder + "/parameters.safetensors", tensors(theta, best, known), this::isForeign);
            log.resume(text(folder + "/metrics.jsonl"));
            // Bias correction goes with the moments: without them it starts anew.
            long momentSteps = known.size() < moments.size()
                    ? 0
                    : json.required("momentSteps").asLong();
            return new TrainState(
                    json.required("step").asLong(),
                    json.required("gradientEvaluations").asLong(),
                    json.required("elapsedSeconds").asDouble(),
                    json.required("bestStep").asLong(),
                    Double.parseDouble(json.required("bestScore").asText()),
                    json.required("skippedSteps").asLong(),
                    momentSteps);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint of step " + step + " cannot be read", e);
        }
    }

    /** The moments that the checkpoint has; all of them, unless another optimizer left it. */
    private Map<String, Parameters> compatible(JsonNode json, Map<String, Parameters> moments, String folder) {
        if (!isAdopted(json, folder)) {
            return moments;
        }
        Map<String, Parameters> known = new LinkedHashMap<>(moments);
        known.keySet().retainAll(JSON.convertValue(json.required("moments"), STRINGS));
        return known;
    }

    /**
     * Whether the newest checkpoint was left by another optimizer, which these settings adopt.
     *
     * @throws InputException if it was left by another and these settings do not adopt it
     */
    boolean isAdopted() {
        OptionalLong newest = newest();
        if (newest.isEmpty()) {
            return false;
        }
        String folder = FOLDER + "/" + PREFIX + newest.getAsLong();
        try {
            return isAdopted(JSON.readTree(text(folder + "/state.json")), folder);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint " + folder + " cannot be read", e);
        }
    }

    private boolean isAdopted(JsonNode json, String folder) {
        String left = json.required("optimizer").asText();
        if (left.equals(optimizerName)) {
            return false;
        }
        if (!adopt) {
            throw new InputException(
                    "%s/%s: was left by the optimizer %s, and now it is %s; set training.adopt = true to take over its moments, or give --overwrite to start anew"
                            .formatted(storage.describe(), folder, left, optimizerName));
        }
        return true;
    }

    /** Moments of another optimizer that this one has no use for. */
    private boolean isForeign(String tensor) {
        return adopt && !tensor.startsWith(THETA) && !tensor.startsWith(BEST);
    }

    private static Map<String, Parameters> tensors(Parameters theta, Parameters best, Map<String, Parameters> moments) {
        Map<String, Parameters> tensors = new LinkedHashMap<>();
        tensors.put(THETA, theta);
        tensors.put(BEST, best);
        moments.forEach((name, moment) -> tensors.put(name + "/", moment));
        return tensors;
    }

    private ObjectNode json(TrainState state, Map<String, Parameters> moments) {
        ObjectNode json = JSON.createObjectNode();
        json.put("step", state.step());
        json.put("gradientEvaluations", state.gradientEvaluations());
        json.put("elapsedSeconds", state.elapsedSeconds());
        json.put("bestStep", state.bestStep());
        // As text, because JSON has no infinities.
        json.put("bestScore", Double.toString(state.bestScore()));
        json.put("skippedSteps", state.skippedSteps());
        json.put("optimizer", optimizerName);
        json.put("momentSteps", state.momentSteps());
        moments.keySet().forEach(json.putArray("moments")::add);
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

    /** Waits for what is still written and frees the copies. */
    @Override
    public void close() {
        writer.shutdown();
        Threads.awaitEnd(writer);
        copies.values().forEach(Parameters::close);
    }
}

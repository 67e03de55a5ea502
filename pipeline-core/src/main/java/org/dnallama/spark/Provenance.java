package org.dnallama.spark;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.checkpoint.Storage;
import org.dnallama.config.InputException;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.train.TrainState;

/** Gathers what a job's result is made from: its manifest, and by it the identity of the result. */
public final class Provenance {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Configuration hadoop;
    private final ObjectNode manifest = JSON.createObjectNode();
    private final ArrayNode inputs;

    /**
     * Nothing but the job's name so far.
     *
     * @param job such as {@code export}
     * @param hadoop file system settings
     */
    public Provenance(String job, Configuration hadoop) {
        this.hadoop = hadoop;
        manifest.put("job", job);
        inputs = manifest.putArray("inputs");
    }

    /**
     * Of a training job.
     *
     * @param job such as {@code pretrain}
     * @param seed the run's
     * @param optimizer which
     * @param hadoop file system settings
     */
    public Provenance(String job, long seed, OptimizerSettings optimizer, Configuration hadoop) {
        this(job, hadoop);
        manifest.put("optimizer", optimizer.kind().label());
        manifest.put("seed", seed);
    }

    /**
     * An artefact of ours, named by the fingerprint in its manifest, or foreign files, named by their checksums.
     *
     * @param path folder or file
     * @param remedy what to do when there is no such path
     * @return this
     * @throws IOException if it cannot be read
     * @throws InputException if there is no such path
     */
    public Provenance input(String path, String remedy) throws IOException {
        Path place = new Path(path);
        FileSystem fileSystem = FileSystems.of(place, hadoop);
        if (!fileSystem.exists(place)) {
            throw new InputException(path + ": no such file or folder; " + remedy);
        }
        if (Artefact.isUnfinished(path, hadoop)) {
            throw new InputException(path + ": is not finished; run the job that makes it again, it goes on");
        }
        ObjectNode input = inputs.addObject().put("path", path);
        // HDFS refuses to look below a file.
        if (fileSystem.getFileStatus(place).isFile()) {
            input.put("sha256", Artefact.sha256(path, hadoop));
        } else {
            nameFolder(input, path);
        }
        return this;
    }

    private void nameFolder(ObjectNode input, String path) throws IOException {
        Storage folder = new HadoopStorage(path, hadoop);
        if (folder.exists("manifest.json")) {
            input.put("fingerprint", fingerprint(folder));
        } else if (folder.exists("adapter_model.safetensors")) {
            input.put("sha256", Artefact.sha256(path + "/adapter_model.safetensors", hadoop));
        } else if (folder.exists("model.safetensors")) {
            input.put("sha256", Artefact.sha256(path + "/model.safetensors", hadoop));
        } else if (folder.exists("model.safetensors.index.json")) {
            ObjectNode shards = input.putObject("sha256");
            for (String name : folder.list(".")) {
                if (name.endsWith(".safetensors")) {
                    shards.put(name, Artefact.sha256(path + "/" + name, hadoop));
                }
            }
        } else {
            input.put("sha256", Artefact.sha256(path, hadoop));
        }
    }

    private static String fingerprint(Storage folder) throws IOException {
        try {
            return JSON.readTree(text(folder, "manifest.json", ""))
                    .path("fingerprint")
                    .asText();
        } catch (JsonProcessingException e) {
            throw new InputException(
                    folder.describe() + "/manifest.json: is no JSON: " + e.getOriginalMessage()
                            + "; run the job that makes the folder again with --overwrite, or copy it anew",
                    e);
        }
    }

    /**
     * Completes what is known before the job does its work.
     *
     * @param effectiveConfig JSON text of the settings that the result depends on
     * @return the manifest, whose text is the identity of the result
     * @throws IOException if that is no JSON
     */
    public ObjectNode manifest(String effectiveConfig) throws IOException {
        JsonNode config = JSON.readTree(effectiveConfig);
        manifest.set("config", config);
        return manifest;
    }

    /**
     * Adds how training ended, and which tokenizer goes with the weights; the identity is taken before.
     *
     * @param manifest of the job
     * @param artefact with the checkpoint
     * @param state how far training came
     * @return the manifest
     */
    public static ObjectNode finish(ObjectNode manifest, Artefact artefact, TrainState state) {
        String tokenizer = new Path(artefact.folder(), "tokenizer.json").toString();
        manifest.put(
                "tokenizerSha256",
                Artefact.sha256(tokenizer, artefact.fileSystem().getConf()));
        manifest.put("steps", state.step());
        manifest.put("gradientEvaluations", state.gradientEvaluations());
        manifest.put("trainingSeconds", state.elapsedSeconds());
        manifest.put("bestStep", state.bestStep());
        manifest.put("bestScore", state.bestScore());
        return manifest;
    }

    static String text(Storage folder, String name, String remedy) throws IOException {
        if (!folder.exists(name)) {
            throw new InputException(folder.describe() + ": has no " + name + "; " + remedy);
        }
        try (InputStream in = folder.open(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new InputException(folder.describe() + "/" + name + ": cannot be read: " + e.getMessage(), e);
        }
    }
}

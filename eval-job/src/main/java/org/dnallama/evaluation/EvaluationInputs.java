package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.dnallama.config.InputException;
import org.dnallama.metric.PublishedRows;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.HadoopStorage;

/**
 * What an evaluation reads.
 *
 * @param model the checkpoint
 * @param others more checkpoints of an ensemble
 * @param test the rows
 * @param dev rows that a threshold is chosen on
 * @param audit what is known of the rows
 * @param published figures of others
 */
record EvaluationInputs(
        Folder model,
        List<Folder> others,
        LabelledData test,
        Optional<LabelledData> dev,
        Optional<Folder> audit,
        Optional<PublishedRows> published) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> TRAINING_FACTS =
            List.of("optimizer", "seed", "steps", "gradientEvaluations", "trainingSeconds", "bestStep", "bestScore");

    /**
     * Opens all of it.
     *
     * @throws InputException if something is not there, or the rows are those that a checkpoint was trained on
     */
    static EvaluationInputs open(EvaluateSettings wanted, Configuration hadoop) throws IOException {
        EvaluationInputs inputs = new EvaluationInputs(
                checkpoint(wanted.model(), "evaluate.model", hadoop),
                wanted.scoring().ensemble().stream()
                        .map(path -> checkpoint(path, "evaluate.ensemble", hadoop))
                        .toList(),
                new LabelledData(wanted.data(), LabelledSplit.TEST, "evaluate.data"),
                wanted.dev().map(place -> new LabelledData(place, LabelledSplit.DEV, "evaluate.dev")),
                wanted.audit().map(path -> Folder.open(path, "run audit first, or correct evaluate.audit", hadoop)),
                wanted.published().map(published -> published(published, hadoop)));
        inputs.requireUnseen(hadoop);
        return inputs;
    }

    private static Folder checkpoint(String path, String key, Configuration hadoop) {
        requireNoAdapter(path, key, hadoop);
        Folder folder = Folder.open(path, "run finetune first, or correct " + key, hadoop);
        String trained = folder.json("manifest.json").path("tokenizerSha256").asText();
        String tokenizer = path + "/tokenizer.json";
        if (!trained.isEmpty() && !trained.equals(Artefact.sha256(tokenizer, hadoop))) {
            throw new InputException(tokenizer + ": is not the tokenizer that the checkpoint was trained with, whose"
                    + " SHA-256 is " + trained + "; put that one back, or run finetune anew");
        }
        return folder;
    }

    private static void requireNoAdapter(String path, String key, Configuration hadoop) {
        try {
            HadoopStorage storage = new HadoopStorage(path, hadoop);
            if (storage.exists("adapter_config.json") && !storage.exists("config.json")) {
                throw new InputException(path + ": is an adapter without its base; merge them with export --adapter,"
                        + " or give the checkpoint that finetune wrote in " + key);
            }
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage() + "; correct " + key, e);
        }
    }

    private static PublishedRows published(EvaluateSettings.Published published, Configuration hadoop) {
        Path file = new Path(published.file());
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            return PublishedRows.read(in, published.file(), published.task());
        } catch (IOException e) {
            throw new InputException(
                    published.file() + ": cannot be read: " + e.getMessage() + "; correct evaluate.published.file", e);
        }
    }

    String optimizer() {
        return model.json("manifest.json").path("optimizer").asText("unknown");
    }

    private void requireUnseen(Configuration hadoop) throws IOException {
        String sha256 = test.sha256(hadoop);
        for (JsonNode input : model.json("manifest.json").path("inputs")) {
            String path = input.path("path").asText();
            if (input.path("sha256").asText().equals(sha256) && path.endsWith("train.csv")) {
                throw new InputException(test.place() + ": is the file that " + model.path()
                        + " was trained on (" + path + ", the same SHA-256), so that its metrics tell nothing;"
                        + " give rows that training has not seen in evaluate.data");
            }
        }
    }

    /** What the result is made from: contents count, places do not. */
    ObjectNode manifest(EvaluateSettings wanted, Configuration hadoop) throws IOException {
        ObjectNode manifest = JSON.createObjectNode().put("job", "evaluate");
        manifest.put("model", model.path());
        manifest.put("optimizer", optimizer());
        manifest.set("config", JSON.readTree(wanted.config()));
        ArrayNode inputs = manifest.putArray("inputs");
        add(inputs, model);
        inputs.addObject().put("path", test.place()).put("sha256", test.sha256(hadoop));
        others.forEach(other -> add(inputs, other));
        if (dev.isPresent()) {
            inputs.addObject()
                    .put("path", dev.get().place())
                    .put("sha256", dev.get().sha256(hadoop));
        }
        audit.ifPresent(folder -> add(inputs, folder));
        wanted.published()
                .ifPresent(file -> inputs.addObject()
                        .put("path", file.file())
                        .put("sha256", Artefact.sha256(file.file(), hadoop)));
        return manifest;
    }

    private static void add(ArrayNode inputs, Folder folder) {
        inputs.addObject()
                .put("path", folder.path())
                .put(
                        "fingerprint",
                        folder.json("manifest.json").path("fingerprint").asText());
    }

    /** What the report says of it, and of the programs that it was judged with. */
    Map<String, String> provenance(ObjectNode manifest, String sparkVersion) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Model", model.path());
        JsonNode training = model.json("manifest.json");
        for (String fact : TRAINING_FACTS) {
            if (training.has(fact)) {
                facts.put(fact, training.path(fact).asText());
            }
        }
        for (JsonNode input : manifest.path("inputs")) {
            String mark = input.has("sha256")
                    ? "SHA-256 " + input.path("sha256").asText()
                    : "fingerprint " + input.path("fingerprint").asText();
            facts.put(input.path("path").asText(), mark);
        }
        facts.put("Spark, Java", sparkVersion + ", " + System.getProperty("java.version"));
        return facts;
    }

    /** Names the result: other contents or settings make another. */
    static String identity(EvaluateSettings wanted, ObjectNode manifest) {
        StringBuilder identity = new StringBuilder("evaluate");
        for (JsonNode input : manifest.path("inputs")) {
            identity.append('\n')
                    .append(input.path("fingerprint").asText())
                    .append(input.path("sha256").asText());
        }
        return identity.append("\ndev ").append(wanted.dev().isPresent())
                + "\naudit " + wanted.audit().isPresent()
                + "\npublished "
                + wanted.published().map(EvaluateSettings.Published::task).orElse("")
                + "\nhits " + wanted.hits()
                + "\nstrands " + wanted.scoring().strands()
                + "\ntooLong " + wanted.scoring().tooLong()
                + "\nbackend " + wanted.scoring().backend().label()
                + "\nbatchSize " + wanted.scoring().batchSize()
                + "\nthreshold " + wanted.threshold()
                + "\nbootstrap " + wanted.bootstrap()
                + "\npartitions " + wanted.partitions();
    }
}

package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.AdapterFolder;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batches;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings.Precision;
import org.dnallama.model.Parameters;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.train.CheckpointScorer;
import org.dnallama.train.Examples;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs that train adapters, as a user runs them. */
class LoraJobsTest {

    @TempDir
    private static Path inputs;

    private static Path shards;
    private static Path data;
    private static Path model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void pretrainOnce() throws IOException {
        shards = Inputs.shards(inputs.resolve("shards"));
        data = Inputs.promoters(inputs.resolve("promoters"));
        model = inputs.resolve("model");
        Job.Outcome run = Job.run(Job.pretrain(shards, model));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
    }

    private static Storage storage(Path folder) throws IOException {
        return new HadoopStorage(folder.toString(), new Configuration());
    }

    /** The plain checkpoint and the adapter over the pre-trained base give the same scores. */
    @Test
    void finetuneLeavesAMergedModelAndItsAdapter() throws IOException {
        Path output = folder.resolve("lora");
        Job.Outcome run = Job.run(Job.finetune(
                data,
                model,
                output,
                "finetune.lora.rank=4",
                "finetune.lora.targets=[q,k,v,o,gate,up,down]",
                "finetune.lora.dropout=0.1",
                "finetune.lora.frozen=bfloat16",
                "finetune.training.activationCheckpointing=true",
                "finetune.epochs=12"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertThat(output.resolve("_SUCCESS")).isEmptyFile();
        JsonNode manifest =
                new ObjectMapper().readTree(output.resolve("manifest.json").toFile());
        assertThat(manifest.path("bestScore").asDouble()).as("MCC on dev").isGreaterThan(0.8);
        assertThat(output.resolve("adapter/adapter_config.json"))
                .content()
                .contains("\"base_model_name_or_path\" : \"" + model + "\"");

        List<String> sequences = Files.readAllLines(data.resolve("dev.csv")).stream()
                .skip(1)
                .map(row -> row.substring(0, row.indexOf(',')))
                .toList();
        Backend backend = new VectorBackend();
        double[] merged;
        try (CheckpointScorer scorer = new CheckpointScorer(backend, storage(output))) {
            merged = scorer.scores(sequences);
        }
        assertThat(merged[0]).as("of a promoter, above another").isGreaterThan(merged[1] + 0.05);
        double[] adapted = adaptedScores(backend, output, sequences);
        // Sums of some ten products in float32, merged or apart.
        assertThat(adapted).containsExactly(merged, within(1e-5));

        // The base in float32, not in bfloat16 as in training, with PEFT's files alone merged into it.
        Path exported = folder.resolve("exported");
        String adapter = output.resolve("adapter").toString();
        int code = Commands.run(
                new ExportCommand(), "--checkpoint", model.toString(), "--adapter", adapter, "--out", exported + "");
        assertThat(code).isEqualTo(Commands.DONE);
        try (CheckpointScorer scorer = new CheckpointScorer(backend, storage(exported))) {
            assertThat(scorer.scores(sequences)).containsExactly(merged, within(0.01));
        }
    }

    private static double[] adaptedScores(Backend backend, Path output, List<String> sequences) throws IOException {
        ModelFolder base = ModelFolder.read(storage(model));
        List<int[]> rows = sequences.stream()
                .map(sequence -> Examples.document(base.tokenizer().encode(sequence), base.tokenizer()))
                .toList();
        Parameters whole = base.weights(storage(model), backend, Head.CLASSIFIER, new Seeds(99));
        try (Parameters theta =
                        Lora.adapt(whole, AdapterFolder.settings(storage(output), Precision.BFLOAT16), new Seeds(98));
                Classifier classifier = new Classifier(
                        backend,
                        base.config(),
                        ModelFolder.read(storage(output)).pooling())) {
            AdapterFolder.read(storage(output), theta);
            return classifier.probabilities(
                    theta, Batches.classifier(rows, base.tokenizer().padId(), new int[rows.size()]));
        }
    }

    @Test
    void pretrainGoesOnWithAdapters() throws IOException {
        Path output = folder.resolve("lora");
        Job.Outcome run = Job.run(Job.pretrain(
                shards,
                output,
                "pretrain.from=\"" + model + "\"",
                "pretrain.lora.rank=2",
                "pretrain.lora.targets=[o]"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertThat(output.resolve("adapter/adapter_model.safetensors")).isNotEmptyFile();
        Backend backend = new VectorBackend();
        try (Parameters before = weights(backend, model);
                Parameters after = weights(backend, output)) {
            String frozen = "model.layers.0.self_attn.q_proj.weight";
            assertThat(values(after, frozen)).isEqualTo(values(before, frozen));
            String adapted = "model.layers.0.self_attn.o_proj.weight";
            assertThat(Arrays.equals(values(after, adapted), values(before, adapted)))
                    .isFalse();
        }
    }

    private static Parameters weights(Backend backend, Path folder) throws IOException {
        return ModelFolder.read(storage(folder)).weights(storage(folder), backend, Head.LANGUAGE_MODEL, new Seeds(0));
    }

    private static float[] values(Parameters theta, String name) {
        float[] values = new float[(int) theta.buffer(name).length()];
        theta.backend().read(theta.buffer(name), values);
        return values;
    }

    @Test
    void whatCannotBeAdaptedIsNamed() {
        Job.Outcome noBase = Job.run(Job.pretrain(shards, folder.resolve("a"), "pretrain.lora.rank=2"));
        assertThat(noBase.exitCode()).isEqualTo(Commands.USAGE);
        assertThat(noBase.err()).contains("pretrain.lora.rank = 2: adapters need a base; set pretrain.from");

        Job.Outcome noHead = Job.run(Job.finetune(
                data, model, folder.resolve("b"), "finetune.lora.rank=2", "finetune.lora.modulesToSave=[lm_head]"));
        assertThat(noHead.exitCode()).as(noHead.err()).isEqualTo(Commands.USAGE);
        assertThat(noHead.err()).contains("lora.modulesToSave: the model has no lm_head of its own");
    }
}

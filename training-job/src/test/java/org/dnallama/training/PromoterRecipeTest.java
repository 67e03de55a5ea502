package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.token.ByteTokenizer;
import org.dnallama.train.CheckpointScorer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs with all that goes beyond plain LLaMA and plain steps. */
class PromoterRecipeTest {

    private static final String[] EXTENSIONS = {
        "model.kmers=[1,3]",
        "model.learnedPositions=true",
        "model.attention=bidirectional",
        "model.initialization=fan-in",
        "pretrain.objective=denoising",
        "pretrain.training.averaging=0.9"
    };

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
        Job.Outcome run = Job.run(Job.pretrain(
                shards,
                model,
                with("pretrain.denoising.own.data=\"" + data + "\"", "pretrain.steps=60", "pretrain.validRows=8")));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
    }

    private static String[] with(String... more) {
        List<String> all = new ArrayList<>(List.of(EXTENSIONS));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    private static List<Double> values(Path output, String key) throws IOException {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(output.resolve("metrics.jsonl"))) {
            var json = new ObjectMapper().readTree(line);
            if (json.has(key)) {
                values.add(json.get(key).asDouble());
            }
        }
        return values;
    }

    @Test
    void denoisingLearnsWhatWasHidden() throws IOException {
        List<Double> held = values(model, "validLossNats");
        assertThat(held.get(held.size() - 1)).isLessThan(0.8 * held.get(0));
    }

    @Test
    void theWholeRecipeLearnsAndItsCheckpointScores() throws IOException {
        Path output = folder.resolve("tuned");
        Job.Outcome run = Job.run(Job.finetune(
                data,
                model,
                output,
                "finetune.pooling=flat",
                "finetune.epochs=20",
                "finetune.negatives.replaced=0.3",
                "finetune.negatives.blockBases=4",
                "finetune.negatives.firstBlock=0",
                "finetune.negatives.blocks=3",
                "finetune.negatives.replacedBlocks=3",
                "finetune.negatives.genome=0.1",
                "finetune.negatives.shards=\"" + shards + "\"",
                "finetune.crossover=0.1",
                "finetune.hiddenBases=0.05",
                "finetune.training.inputDropout=0.05",
                "finetune.training.pooledDropout=0.05",
                "finetune.training.averaging=0.9",
                "finetune.training.labelSmoothing=0.05",
                "finetune.training.replacedWeight=1"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertLearned(output);
    }

    /** On dev, and on a promoter and a negative, read from the checkpoint. */
    private static void assertLearned(Path output) throws IOException {
        assertThat(values(output, "devMcc"))
                .last()
                .satisfies(mcc -> assertThat(mcc).isGreaterThan(0.8));
        try (CheckpointScorer scorer =
                new CheckpointScorer(new VectorBackend(), new HadoopStorage(output.toString(), new Configuration()))) {
            double[] scores = scorer.scores(List.of("ACGTTATAACGT", "ACGTGCGCACGT"));
            assertThat(scores[0]).isGreaterThan(0.5);
            assertThat(scores[1]).isLessThan(0.5);
        }
    }

    @Test
    void aLanguageModelLearnsToAnswer() throws IOException {
        Path bytes = folder.resolve("bytes");
        Path base = folder.resolve("base");
        Path output = folder.resolve("answering");
        Job.Outcome first = Job.run(Job.pretrain(
                Inputs.shards(bytes, new ByteTokenizer()), base, "model.contextLength=40", "pretrain.steps=4"));
        assertThat(first.exitCode()).as(first.err()).isEqualTo(Commands.DONE);
        Job.Outcome run = Job.run(Job.finetune(
                data,
                base,
                output,
                "finetune.mode=instruction",
                "finetune.instruction.prompt=\"Is {sequence} one? \"",
                "finetune.epochs=40"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertLearned(output);
        assertRefused(
                Job.finetune(data, model, folder.resolve("output"), "finetune.mode=instruction"),
                Commands.USAGE,
                "finetune.mode = instruction: the model's tokenizer knows no text");
    }

    @Test
    void repeatsOfNoWeightLeaveNothingToLearn() {
        assertRefused(
                Job.pretrain(shards, folder.resolve("output"), with("pretrain.softMaskedWeight=0")),
                Commands.TRAINING,
                "the batch has no target");
        assertRefused(
                Job.pretrain(shards, folder.resolve("output"), with("pretrain.softMaskedWeight=1.5")),
                Commands.USAGE,
                "pretrain.softMaskedWeight = 1.5: must lie in [0.0, 1.0]");
    }

    private void assertRefused(List<String> line, int exitCode, String... parts) {
        Job.Outcome run = Job.run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).contains(parts);
        assertThat(folder.resolve("output")).doesNotExist();
    }

    @Test
    void modelsThatSeeTheNextTokenCannotPredictIt() {
        for (String key : List.of("model.kmers=[3]", "model.attention=bidirectional")) {
            assertRefused(
                    Job.pretrain(shards, folder.resolve("output"), key),
                    Commands.USAGE,
                    "pretrain.objective = causal: a model with model.attention = bidirectional or model.kmers sees the"
                            + " token that it is to predict; set pretrain.objective = denoising");
        }
    }

    @Test
    void badSettingsAreNamedTogether() {
        assertRefused(
                Job.pretrain(shards, folder.resolve("output"), "model.kmers=[3,9]", "model.attention=both"),
                Commands.USAGE,
                "model.kmers: a k-mer of 9 bases must have 1 to 8",
                "model.attention = both: must be one of causal, bidirectional");
        assertRefused(
                Job.pretrain(shards, folder.resolve("output"), "pretrain.heldOut.k=4", "pretrain.denoising.fraction=0"),
                Commands.USAGE,
                "pretrain.heldOut.k = 4: must be odd and at most 31",
                "pretrain.denoising.fraction = 0.0: must lie in");
        assertRefused(
                Job.finetune(
                        data,
                        model,
                        folder.resolve("output"),
                        "finetune.lora.rank=4",
                        "finetune.training.replacedWeight=2"),
                Commands.USAGE,
                "finetune.training.replacedWeight = 2.0: does not go with finetune.lora.rank > 0; set it to 0");
    }

    /** All windows repeat ACGT, as this held-out sequence does. */
    @Test
    void windowsThatHeldOutSequencesShareAreLeftOut() throws IOException {
        Path held = Files.writeString(folder.resolve("test.csv"), "sequence,label\nACGTACGTACGT,1\n");
        assertRefused(
                Job.pretrain(
                        shards,
                        folder.resolve("output"),
                        with("pretrain.heldOut.data=[\"" + held + "\"]", "pretrain.heldOut.k=7")),
                Commands.INPUT,
                "shares a 7-mer with heldOut.data; ingest more");
        assertRefused(
                Job.pretrain(
                        shards,
                        folder.resolve("output"),
                        with("pretrain.heldOut.data=[\"" + folder.resolve("no.csv") + "\"]")),
                Commands.INPUT,
                "no.csv: no such file; correct heldOut.data");
    }
}

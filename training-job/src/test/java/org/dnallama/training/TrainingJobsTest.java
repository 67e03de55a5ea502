package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.train.CheckpointScorer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the jobs leave, and what they do when it is there already. */
class TrainingJobsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

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
        assertThat(run.out()).contains("pretrained " + model + ": 12 steps, 12 gradient evaluations");
    }

    @Test
    void pretrainLeavesAWholeCheckpointAndALossThatFell() throws IOException {
        assertWhole(model);
        List<Double> losses = values(model, "lossNats");
        assertThat(losses).hasSize(12);
        // Small random weights give all tokens about the same probability.
        int tokens = JSON.readTree(model.resolve("config.json").toFile())
                .get("vocab_size")
                .asInt();
        assertThat(losses.get(0)).isCloseTo(Math.log(tokens), within(0.1));
        assertThat(losses.get(11)).isLessThan(0.8 * losses.get(0));
        List<Double> held = values(model, "validLossNats");
        assertThat(held).hasSize(6);
        assertThat(held.get(5)).isLessThan(0.8 * held.get(0));
        JsonNode manifest = manifest(model);
        assertThat(manifest.get("job").asText()).isEqualTo("pretrain");
        assertThat(manifest.at("/inputs/0/fingerprint").asText())
                .isNotEmpty()
                .isEqualTo(manifest(shards).get("fingerprint").asText());
        assertThat(manifest.at("/config/pretrain/steps").asInt()).isEqualTo(12);
    }

    @ParameterizedTest
    @CsvSource({"adamw, 1, 1", "kt4, 3, 4"})
    void finetuneLearnsAndCountsItsGradients(String optimizer, int fewest, int most) throws Exception {
        Path output = folder.resolve(optimizer);
        Job.Outcome run = Job.run(
                Job.finetune(data, model, output, "finetune.epochs=6", "finetune.training.optimizer=" + optimizer));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertThat(run.out()).contains("finetuned " + output + ": best dev MCC ");
        assertWhole(output);
        List<Double> losses = values(output, "lossNats");
        assertThat(losses).as("6 epochs of 32 rows in steps of 8").hasSize(24);
        assertThat(losses.get(0)).as("undecided between two classes").isCloseTo(Math.log(2), within(0.1));
        assertThat(losses.get(23)).isLessThan(0.8 * losses.get(0));
        assertThat(values(output, "devMcc"))
                .last()
                .satisfies(mcc -> assertThat(mcc).isGreaterThan(0.8));

        double before = 0;
        for (JsonNode line : lines(output)) {
            if (line.has("lossNats")) {
                double gradients = line.get("gradientEvaluations").asDouble();
                assertThat(gradients - before).isBetween((double) fewest, (double) most);
                before = gradients;
            }
        }
        JsonNode manifest = manifest(output);
        assertThat(manifest.get("optimizer").asText()).isEqualTo(optimizer);
        assertThat(manifest.get("gradientEvaluations").asDouble()).isEqualTo(before);
        assertThat(manifest.get("sequenceBases").asInt()).isEqualTo(Inputs.BASES);
        assertThat(manifest.at("/inputs/0/fingerprint").asText())
                .isEqualTo(manifest(model).get("fingerprint").asText());
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(data.resolve("train.csv")));
        assertThat(manifest.at("/inputs/1/sha256").asText())
                .isEqualTo(HexFormat.of().formatHex(digest));
    }

    /** On dev rows with swapped labels a classifier gets worse as it learns, so the best is not the last. */
    @Test
    void finetuneKeepsTheParametersThatAreBestOnDev() throws IOException {
        Path swapped = Inputs.promoters(folder.resolve("swapped"));
        Files.writeString(swapped.resolve("dev.csv"), Inputs.csv(16, 2, 0));
        Path output = folder.resolve("classifier");
        Job.Outcome run =
                Job.run(Job.finetune(swapped, model, output, "finetune.epochs=6", "finetune.training.evaluateEvery=1"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);

        long bestStep = manifest(output).get("bestStep").asLong();
        double bestScore = manifest(output).get("bestScore").asDouble();
        double best = Double.NEGATIVE_INFINITY;
        double last = Double.NaN;
        long at = 0;
        for (JsonNode line : lines(output)) {
            if (line.hasNonNull("devMcc")) {
                last = line.get("devMcc").asDouble();
                if (last > best) {
                    best = last;
                    at = line.get("step").asLong();
                }
            }
        }
        assertThat(last).as("of a classifier that has learned the opposite").isLessThan(-0.8);
        assertThat(best).isGreaterThan(last);
        assertThat(bestStep).isEqualTo(at);
        assertThat(bestScore).isEqualTo(best);
        // Only the size of the batches differs, and with it the last bits of a score.
        assertThat(mcc(output, swapped.resolve("dev.csv"))).isCloseTo(best, within(1e-12));
    }

    @Test
    void labelledShardsTrainWhatTheirCsvTrains() throws IOException {
        Path labelled = Inputs.labelledShards(folder.resolve("labelled"), data);
        Path fromCsv = folder.resolve("from-csv");
        Path fromShards = folder.resolve("from-shards");
        assertThat(Job.run(Job.finetune(data, model, fromCsv)).exitCode()).isEqualTo(Commands.DONE);
        Job.Outcome run = Job.run(Job.finetune(labelled, model, fromShards));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
        assertThat(fromShards.resolve("model.safetensors"))
                .hasSameBinaryContentAs(fromCsv.resolve("model.safetensors"));
        assertThat(manifest(fromShards).at("/inputs/1/fingerprint").asText()).isEqualTo("promoters");
        Files.delete(labelled.resolve("_SUCCESS"));
        Job.Outcome unfinished = Job.run(Job.finetune(labelled, model, folder.resolve("none")));
        assertThat(unfinished.exitCode()).isEqualTo(Commands.INPUT);
        assertThat(unfinished.err()).contains("labelled: has no _SUCCESS; give the output of a finished import-gue");
    }

    @Test
    void theSameRunAgainDoesNothing() throws IOException {
        Map<String, Long> before = Job.snapshot(model);
        Job.Outcome again = Job.run(Job.pretrain(shards, model));
        assertThat(again.exitCode()).as(again.err()).isEqualTo(Commands.DONE);
        assertThat(again.out())
                .contains(model + " is finished already, from the same inputs and settings: nothing to do");
        assertThat(Job.snapshot(model)).isEqualTo(before);

        Path classifier = folder.resolve("classifier");
        assertThat(Job.run(Job.finetune(data, model, classifier)).exitCode()).isEqualTo(Commands.DONE);
        before = Job.snapshot(classifier);
        again = Job.run(Job.finetune(data, model, classifier));
        assertThat(again.exitCode()).as(again.err()).isEqualTo(Commands.DONE);
        assertThat(again.out())
                .contains(classifier + " is finished already, from the same inputs and settings: nothing to do");
        assertThat(Job.snapshot(classifier)).isEqualTo(before);
    }

    @Test
    void otherSettingsOrInputsNeedOverwrite() throws IOException {
        Path own = Inputs.promoters(folder.resolve("promoters"));
        Path output = folder.resolve("classifier");
        assertThat(Job.run(Job.finetune(own, model, output)).exitCode()).isEqualTo(Commands.DONE);
        Map<String, Long> before = Job.snapshot(output);
        String refusal = output + ": is there already, made from other inputs or settings; give --overwrite to"
                + " replace it, or another output";

        Job.Outcome otherSettings = Job.run(Job.finetune(own, model, output, "finetune.epochs=1"));
        assertThat(otherSettings.exitCode()).isEqualTo(Commands.INPUT);
        assertThat(otherSettings.err()).contains(refusal);
        Files.writeString(own.resolve("train.csv"), Inputs.csv(24, 3, 1));
        Job.Outcome otherRows = Job.run(Job.finetune(own, model, output));
        assertThat(otherRows.exitCode()).isEqualTo(Commands.INPUT);
        assertThat(otherRows.err()).contains(refusal);
        assertThat(Job.snapshot(output)).isEqualTo(before);

        Job.Outcome replaced = Job.run(Job.finetune(own, model, output, "--overwrite"));
        assertThat(replaced.exitCode()).as(replaced.err()).isEqualTo(Commands.DONE);
        assertThat(manifest(output).get("steps").asInt())
                .as("4 epochs of 24 rows")
                .isEqualTo(12);
        assertWhole(output);
    }

    private static void assertWhole(Path checkpoint) throws IOException {
        assertThat(checkpoint.resolve("_SUCCESS")).isEmptyFile();
        for (String name : List.of("manifest.json", "config.json", "tokenizer.json")) {
            assertThat(JSON.readTree(checkpoint.resolve(name).toFile()).isObject())
                    .as(name)
                    .isTrue();
        }
        assertThat(checkpoint.resolve("model.safetensors")).isNotEmptyFile();
        assertThat(checkpoint.resolveSibling("." + checkpoint.getFileName() + ".incomplete"))
                .doesNotExist();
        assertThat(values(checkpoint, "lossNats"))
                .isNotEmpty()
                .allSatisfy(loss -> assertThat(loss).isFinite());
    }

    /** Matthews correlation at 0.5 of the stored classifier, by its formula. */
    private static double mcc(Path checkpoint, Path csv) throws IOException {
        List<String> rows = Files.readAllLines(csv);
        List<String> sequences = new ArrayList<>();
        rows.subList(1, rows.size()).forEach(row -> sequences.add(row.substring(0, row.length() - 2)));
        double[] scores;
        try (CheckpointScorer scorer = new CheckpointScorer(
                new VectorBackend(), new HadoopStorage(checkpoint.toString(), new Configuration()))) {
            scores = scorer.scores(sequences);
        }
        double[][] counts = new double[2][2];
        for (int i = 0; i < scores.length; i++) {
            counts[rows.get(i + 1).endsWith(",1") ? 1 : 0][scores[i] >= 0.5 ? 1 : 0]++;
        }
        double truePositives = counts[1][1];
        double falsePositives = counts[0][1];
        double trueNegatives = counts[0][0];
        double falseNegatives = counts[1][0];
        return (truePositives * trueNegatives - falsePositives * falseNegatives)
                / Math.sqrt((truePositives + falsePositives)
                        * (truePositives + falseNegatives)
                        * (trueNegatives + falsePositives)
                        * (trueNegatives + falseNegatives));
    }

    private static JsonNode manifest(Path artefact) throws IOException {
        return JSON.readTree(artefact.resolve("manifest.json").toFile());
    }

    private static List<JsonNode> lines(Path checkpoint) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(checkpoint.resolve("metrics.jsonl"))) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** A column of the log, of the lines that have it and know its value. */
    private static List<Double> values(Path checkpoint, String name) throws IOException {
        return lines(checkpoint).stream()
                .filter(line -> line.hasNonNull(name))
                .map(line -> line.get(name).asDouble())
                .toList();
    }
}

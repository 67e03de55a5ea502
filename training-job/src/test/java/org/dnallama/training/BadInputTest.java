package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.dnallama.spark.Commands;
import org.dnallama.token.KmerTokenizer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the jobs say to bad settings, bad input and divergence; nothing ever stands under the output's name. */
class BadInputTest {

    @TempDir
    private static Path inputs;

    private static Path shards;
    private static Path data;
    private static Path model;

    @TempDir
    private Path folder;

    @BeforeAll
    static void makeInputs() throws IOException {
        shards = Inputs.shards(inputs.resolve("shards"));
        data = Inputs.promoters(inputs.resolve("promoters"));
        model = inputs.resolve("model");
        Job.Outcome run = Job.run(Job.pretrain(shards, model, "pretrain.steps=1"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
    }

    private Path output() {
        return folder.resolve("output");
    }

    private void assertRefused(List<String> line, int exitCode, String... parts) {
        Job.Outcome run = Job.run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).contains(parts);
        assertThat(output()).doesNotExist();
    }

    @Test
    void allErrorsOfTheSettingsComeInOneMessage() {
        assertRefused(
                Job.pretrain(
                        shards,
                        output(),
                        "pretrain.stesp=3",
                        "pretrain.training.learningRate=fast",
                        "pretrain.training.batchSize=0",
                        "model.initStd=2"),
                Commands.USAGE,
                "The configuration has 4 errors:",
                "pretrain.stesp: unknown key",
                "pretrain.training.learningRate = \"fast\": must be a number",
                "pretrain.training.batchSize = 0: must be at least 1",
                "model.initStd = 2.0: must lie in [0.0, 1.0]");
        assertRefused(
                Job.finetune(data, model, output(), "finetune.pooling=max", "finetune.epoch=3", "finetune.from=null"),
                Commands.USAGE,
                "The configuration has 3 errors:",
                "finetune.pooling = max: must be one of last, mean",
                "finetune.epoch: unknown key",
                "finetune.from: must be set, to a text");
        assertRefused(List.of("pretrain", "--beam"), Commands.USAGE, "Unknown option: '--beam'");
    }

    @Test
    void shardsThatAreMissingUnfinishedOrDamaged() throws IOException {
        Path nowhere = folder.resolve("nowhere");
        assertRefused(
                Job.pretrain(nowhere, output()),
                Commands.INPUT,
                nowhere + ": has no tokenizer.json; give the output of a finished ingest");
        Path unfinished = copy(shards, "unfinished");
        Files.delete(unfinished.resolve("_SUCCESS"));
        assertRefused(
                Job.pretrain(unfinished, output()),
                Commands.INPUT,
                unfinished + ": has no _SUCCESS; give the output of a finished ingest");
        Path damaged = copy(shards, "damaged");
        for (Path file : list(damaged.resolve("split=train"))) {
            if (file.toString().endsWith(".parquet")) {
                Files.writeString(file, "not what a shard should hold");
            }
        }
        assertRefused(
                Job.pretrain(damaged, output()), Commands.INPUT, damaged + "/split=train/part-", "run ingest again");
    }

    @Test
    void windowsLongerThanTheContext() {
        assertRefused(
                Job.pretrain(shards, output(), "model.contextLength=21"),
                Commands.INPUT,
                shards + ": has a window of 22 tokens with begin and end, model.contextLength is 21");
    }

    @Test
    void shardsOfAnotherTokenizerThanTheModels() throws IOException {
        Path kmers = Inputs.shards(folder.resolve("kmers"), new KmerTokenizer(2, 2));
        assertRefused(
                Job.pretrain(kmers, output(), "pretrain.from=\"" + model + "\""),
                Commands.INPUT,
                kmers + ": was made with another tokenizer than " + model);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.csv | seq,label/ACGT,1 | /train.csv:1: header is 'seq,label'; the first line must be",
                "train.csv | sequence,label/ACGT,1/ACGT,yes | /train.csv:3: label is 'yes'; write 1 for",
                "dev.csv | sequence,label/ACGT,1/,0 | /dev.csv:3: the sequence is empty; give at least one base",
                "dev.csv | sequence,label/ACJT,1 | /dev.csv:2: 'J' at base 3 is no nucleotide code; use",
            })
    void labelledSequencesThatAreBad(String file, String rows, String message) throws IOException {
        Path bad = Inputs.promoters(folder.resolve("bad"));
        Files.writeString(bad.resolve(file), rows.replace('/', '\n') + "\n");
        assertRefused(Job.finetune(bad, model, output()), Commands.INPUT, bad + message);
    }

    @Test
    void filesThatAreMissing() throws IOException {
        Path half = Inputs.promoters(folder.resolve("half"));
        Files.delete(half.resolve("dev.csv"));
        assertRefused(
                Job.finetune(half, model, output()),
                Commands.INPUT,
                half + "/dev.csv: no such file or folder; correct finetune.data, which needs train.csv and dev.csv");
        Path nowhere = folder.resolve("nowhere");
        assertRefused(
                Job.finetune(data, nowhere, output()),
                Commands.INPUT,
                nowhere + ": no such file or folder; correct finetune.from");
    }

    @Test
    void aManifestOfShardsThatIsNoJson() throws IOException {
        Path broken = copy(shards, "broken");
        Files.writeString(broken.resolve("manifest.json"), "{\"fingerprint\": ");
        assertRefused(
                Job.pretrain(broken, output()),
                Commands.INPUT,
                "error: " + broken + "/manifest.json: is no JSON: Unexpected end-of-input");
    }

    @ParameterizedTest
    @CsvSource({"adamw, 'step 3: '", "kt4, 'step 3: stage 1 of 4: '"})
    void aModelThatHoldsNaN(String optimizer, String place) throws IOException {
        Path broken = copy(model, "broken");
        try (RandomAccessFile weights =
                new RandomAccessFile(broken.resolve("model.safetensors").toFile(), "rw")) {
            weights.seek(weights.length() - 4);
            weights.writeInt(Integer.reverseBytes(Float.floatToIntBits(Float.NaN)));
        }
        String expected = place + "the loss is NaN and the gradient's norm NaN;"
                + " steps skipped in a row: 3 (maxSkippedSteps = 3); last good checkpoint: none; try";
        assertRefused(
                Job.finetune(data, broken, output(), "finetune.training.optimizer=" + optimizer),
                Commands.TRAINING,
                "error: " + expected);
        assertRefused(
                Job.pretrain(
                        shards,
                        output(),
                        "pretrain.from=\"" + broken + "\"",
                        "pretrain.training.optimizer=" + optimizer),
                Commands.TRAINING,
                "error: " + expected);
    }

    /** A learning rate and a decay that blow the weights up within a few steps. */
    private List<String> divergence(String job, int evaluateEvery, int checkpointEvery) {
        String[] settings = Stream.of(
                        "learningRate=1000",
                        "weightDecay=1000",
                        "warmupFraction=0",
                        "clipNorm=0",
                        "evaluateEvery=" + evaluateEvery,
                        "checkpointEvery=" + checkpointEvery)
                .map(pair -> job + ".training." + pair)
                .toArray(String[]::new);
        return job.equals("pretrain")
                ? Job.pretrain(shards, output(), settings)
                : Job.finetune(data, model, output(), settings);
    }

    /** The checkpoint of step 3 is of no use when steps 4 to 6 find no finite loss there; that of step 2 is. */
    @ParameterizedTest
    @CsvSource({
        "pretrain, 2, step 2",
        "pretrain, 1, 'none, that of step 3 is where the failed step started'",
        "finetune, 2, step 2"
    })
    void divergenceInTraining(String job, int checkpointEvery, String good) {
        assertDiverges(
                divergence(job, 100, checkpointEvery),
                "error: step 6: the loss is \\S+ and the gradient's norm \\S+;"
                        + " steps skipped in a row: 3 \\(maxSkippedSteps = 3\\); last good checkpoint: " + good
                        + "; try a smaller learningRate \\(now 1000.0\\)\n");
    }

    /** The held-out rows are the first to see the parameters that a step has spoilt. */
    @ParameterizedTest
    @ValueSource(strings = {"pretrain", "finetune"})
    void divergenceSeenOnHeldOutRows(String job) {
        assertDiverges(
                divergence(job, 1, 1),
                "error: step 3: the loss on held-out rows is \\S+; last good checkpoint: step 2; try a smaller"
                        + " learningRate \\(now 1000.0\\)\n");
    }

    private void assertDiverges(List<String> line, String pattern) {
        Job.Outcome run = Job.run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.TRAINING);
        assertThat(run.err()).containsPattern(pattern);
        assertThat(output()).doesNotExist();
    }

    private Path copy(Path source, String name) throws IOException {
        Path target = folder.resolve(name);
        try (Stream<Path> all = Files.walk(source)) {
            for (Path file : all.toList()) {
                // Hadoop's checksums would find a changed file before the job does.
                if (!file.toString().endsWith(".crc")) {
                    Files.copy(file, target.resolve(source.relativize(file)), StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        return target;
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }
}

package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.dnallama.training.Job.Outcome;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is seen of a run from outside, and what is looked at before it. */
final class MonitoringTest {

    @TempDir
    private static Path shared;

    private static Path shards;

    @TempDir
    private Path folder;

    @BeforeAll
    static void ingest() throws Exception {
        shards = Inputs.shards(shared.resolve("shards"));
    }

    /** The bar is the driver's: what it shows has come from the task by Spark's messages. */
    @Test
    void driverShowsTheProgressOfTheRanks() {
        Outcome outcome = Job.run(Job.pretrain(shards, folder.resolve("model")));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.err())
                .contains("pretrain adamw")
                .contains("12/12")
                .contains("loss ")
                .contains("tokens/s");
    }

    @Test
    void sparksSinksSeeTheNewestFigures() throws Exception {
        Path csv = Files.createDirectories(folder.resolve("csv"));
        System.setProperty("spark.metrics.conf.*.sink.csv.class", "org.apache.spark.metrics.sink.CsvSink");
        System.setProperty("spark.metrics.conf.*.sink.csv.directory", csv.toString());
        try {
            Outcome outcome = Job.run(Job.pretrain(shards, folder.resolve("model")));
            assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        } finally {
            System.clearProperty("spark.metrics.conf.*.sink.csv.class");
            System.clearProperty("spark.metrics.conf.*.sink.csv.directory");
        }
        assertThat(last(csv, "step")).isEqualTo(12);
        List<String> log = Files.readAllLines(folder.resolve("model/metrics.jsonl"));
        String step12 = log.stream()
                .filter(line -> line.startsWith("{\"step\":12,"))
                .findFirst()
                .orElseThrow();
        assertThat(last(csv, "lossNats"))
                .isEqualTo(new ObjectMapper().readTree(step12).get("lossNats").asDouble());
        assertThat(last(csv, "residentBytes")).isGreaterThan(1e7);
    }

    /** The last value that the sink wrote of a gauge. */
    private static double last(Path csv, String gauge) throws Exception {
        try (Stream<Path> files = Files.list(csv)) {
            Path file = files.filter(each -> each.toString().endsWith("monitor.TrainingPlugin." + gauge + ".csv"))
                    .findFirst()
                    .orElseThrow();
            List<String> lines = Files.readAllLines(file);
            return Double.parseDouble(lines.get(lines.size() - 1).split(",", -1)[1]);
        }
    }

    @Test
    void preflightLooksAndLeavesNothing() {
        Outcome outcome = Job.run(Job.pretrain(shards, folder.resolve("model"), "--preflight"));
        assertThat(outcome.exitCode()).as(outcome.err()).isZero();
        assertThat(outcome.out()).isEqualTo("pre-flight: nothing stands in the way\n");
        assertThat(folder).isEmptyDirectory();
    }

    /** A model that no machine holds, ranks that have no room, shards that are not whole: one message. */
    @Test
    void everyFindingIsInOneMessage() throws Exception {
        Path damaged = folder.resolve("shards");
        Files.createDirectories(damaged);
        for (String name : List.of("_SUCCESS", "tokenizer.json")) {
            Files.copy(shards.resolve(name), damaged.resolve(name));
        }
        Files.writeString(
                damaged.resolve("manifest.json"),
                "{\"shards\":[{\"file\":\"split=train/part-00000.parquet\",\"bytes\":3}]}");
        Outcome outcome = Job.run(Job.pretrain(
                damaged, folder.resolve("model"), "cluster.ranks=2", "pretrain.training.microBatch=2", "--preflight"));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("error: The configuration has 3 errors:\n")
                .contains(
                        "  - cluster.ranks = 2: all ranks must run at the same time, and there is room for 1 (master ="
                                + " local[1]); give Spark more executors or cores, or make cluster.ranks smaller\n")
                .contains("  - " + damaged + ": 1 of its 1 files are not as its manifest says:"
                        + " split=train/part-00000.parquet is missing; run ingest again, or copy the folder anew\n")
                .contains("  - " + damaged + ": has no rows in split=valid");
    }

    @Test
    void aModelThatNoMachineHoldsIsRefusedBeforeAnythingIsHeld() {
        Outcome outcome = Job.run(Job.pretrain(
                shards, folder.resolve("model"), "model.dim=65536", "model.hiddenDim=262144", "model.layers=100"));
        assertThat(outcome.exitCode()).isEqualTo(2);
        assertThat(outcome.err())
                .contains("memory of 127.0.0.1 = ")
                .contains(" GiB of it are left beside heaps of 3.00 GiB, and a rank needs ")
                .contains("make training.microBatch or training.lanes smaller")
                .contains("but two checkpoints and the model take ");
    }

    @Test
    void incompleteShardsAloneAreBadInput() throws Exception {
        Path damaged = folder.resolve("shards");
        try (Stream<Path> all = Files.walk(shards)) {
            for (Path file : all.sorted().toList()) {
                Files.copy(file, damaged.resolve(shards.relativize(file)));
            }
        }
        Files.delete(damaged.resolve(".manifest.json.crc"));
        Files.writeString(
                damaged.resolve("manifest.json"),
                "{\"shards\":[{\"file\":\"split=train/part-00000.parquet\",\"bytes\":3}]}");
        Outcome outcome = Job.run(Job.pretrain(damaged, folder.resolve("model")));
        assertThat(outcome.exitCode()).isEqualTo(3);
        assertThat(outcome.err()).contains("error: " + damaged + ": 1 of its 1 files are not as its manifest says");
    }
}

package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.dnallama.collective.Collectives;
import org.dnallama.spark.BarrierJob;
import org.dnallama.spark.Commands;
import org.dnallama.spark.Gpus;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ranks on executors with two GPUs each, of which a script tells. Nothing computes on them. */
@Tag("cluster")
@Timeout(180)
class GpusTest {

    private static final long LIMIT_SECONDS = 120;

    @TempDir
    private Path folder;

    private Path script;

    @BeforeEach
    void writeScript() throws IOException {
        script = Files.writeString(
                folder.resolve("gpus.sh"), "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"0\", \"1\"]}'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** One executor with two cores. */
    private Map<String, String> twoGpus(int ofExecutor, int ofTask) {
        return Map.of(
                "spark.master", "local-cluster[1,2,1024]",
                "spark.worker.resource.gpu.amount", "2",
                "spark.worker.resource.gpu.discoveryScript", script.toString(),
                "spark.executor.resource.gpu.amount", Integer.toString(ofExecutor),
                "spark.task.resource.gpu.amount", Integer.toString(ofTask));
    }

    @Test
    void eachRankTakesTheOneThatSparkHandsIt() {
        Map<String, String> settings = TrainingProcess.spark(twoGpus(2, 1));
        settings.forEach(System::setProperty);
        try (SparkSession spark = SparkSession.builder().appName("gpus").getOrCreate()) {
            double both = new BarrierJob("gpus", 2, Collectives.GLOO, Duration.ofSeconds(30))
                    .run(spark, ranks -> ranks.sum((double) (1 << Gpus.ofTask().orElseThrow())));
            assertThat(both).as("the sum of 2 to the power of each address").isEqualTo(3);
        } finally {
            settings.keySet().forEach(System::clearProperty);
        }
    }

    private String train(int exitCode, Map<String, String> spark, String... settings) throws Exception {
        Path shards = Inputs.shards(folder.resolve("shards"));
        List<String> properties = new ArrayList<>();
        spark.forEach((key, value) -> properties.add(key + "=" + value));
        List<String> line = Job.pretrain(shards, folder.resolve("model"), settings);
        try (TrainingProcess run =
                TrainingProcess.start(folder.resolve("process"), line, properties.toArray(String[]::new))) {
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isEqualTo(exitCode);
            return run.log();
        }
    }

    @Test
    void jobsRunWithAsManyAsTheyAskFor() throws Exception {
        train(Commands.DONE, twoGpus(2, 1), "cluster.ranks=2");
        assertThat(folder.resolve("model/_SUCCESS")).exists();
    }

    @Test
    void ranksWithMoreThanOneAreRefused() throws Exception {
        assertThat(train(Commands.USAGE, twoGpus(2, 2), "cluster.ranks=2"))
                .contains("spark.task.resource.gpu.amount = 2: a rank takes one whole GPU; set it to 1");
    }

    @Test
    void moreRanksThanGpusAreRefused() throws Exception {
        assertThat(train(Commands.USAGE, twoGpus(1, 1), "cluster.ranks=2"))
                .contains("cluster.ranks = 2: all ranks must run at the same time, and there is room for 1")
                .contains("spark.executor.resource.gpu.amount = 1");
    }

    /** This build has LibTorch for the CPU. */
    @Test
    void sumsBetweenGpusNeedAnotherBuild() throws Exception {
        assertThat(train(Commands.USAGE, twoGpus(2, 1), "cluster.ranks=2", "cluster.collective=nccl"))
                .contains(
                        "cluster.collective = nccl: LibTorch finds no GPU here; build with mvn -P torch-gpu and run on"
                                + " executors with an NVIDIA GPU, or set it to gloo");
    }
}

package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Executors that are lost where nobody may try again: the job fails, and names the first cause. */
@Tag("cluster")
@Timeout(240)
class LossTest {

    private static final long LIMIT_SECONDS = 90;

    @TempDir
    private Path folder;

    private String killTheExecutors(List<String> settings, String... properties) throws Exception {
        Path shards = Inputs.shards(folder.resolve("shards"));
        Path output = folder.resolve("output");
        List<String> all = new ArrayList<>(settings);
        all.addAll(List.of("pretrain.steps=1000000", "pretrain.training.checkpointEvery=50"));
        List<String> line = Job.pretrain(shards, output, all.toArray(String[]::new));
        try (TrainingProcess run = TrainingProcess.start(folder.resolve("process"), line, properties)) {
            run.awaitCheckpoint(output, 0, LIMIT_SECONDS);
            run.awaitWork(Duration.ofSeconds(1), LIMIT_SECONDS);
            run.executors().forEach(ProcessHandle::destroyForcibly);
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isEqualTo(Commands.TRAINING);
            return run.log();
        }
    }

    private static final String STEP = ", after step \\d+";
    private static final String CAUSE =
            " on 127.0.0.1 \\(executor \\d+, attempt \\d+\\): ExecutorLostFailure \\(executor \\d+ exited [^\n]*"
                    + "(?s).* \\(in Spark's stage \\d+%s\\); Spark gave up after \\d+ attempts; run the same command again to go on from the last checkpoint";

    @Test
    void ofSeveralRanks() throws Exception {
        assertThat(killTheExecutors(List.of("cluster.ranks=2", "cluster.restarts=0", "cluster.timeoutSeconds=10")))
                .containsPattern("error: rank [01] of 2" + CAUSE.formatted(STEP));
    }

    @Test
    void ofOneRank() throws Exception {
        assertThat(killTheExecutors(List.of(), "spark.task.maxFailures=1"))
                .containsPattern("error: rank 0 of 1" + CAUSE.formatted(STEP));
    }

    @Test
    void ofAveraging() throws Exception {
        // Between two rounds nobody works, and nothing is lost: so rounds take far longer than what is between them.
        assertThat(killTheExecutors(
                        List.of(
                                "cluster.sync=parameter-averaging",
                                "cluster.ranks=2",
                                "cluster.averaging.frequency=100",
                                "pretrain.training.batchSize=64",
                                "pretrain.training.microBatch=16",
                                "model.dim=64",
                                "model.hiddenDim=128"),
                        "spark.task.maxFailures=1"))
                .containsPattern("error: rank [01] of 2" + CAUSE.formatted(""));
    }
}

package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What befalls processes of a run must not touch a bit of its result. */
@Tag("cluster")
@Timeout(900)
class FaultsTest {

    private static final int KILLS = 10;
    /**
     * From a loss to the next checkpoint: a new executor, a new stage, the inputs and some steps, on a busy machine.
     */
    private static final long LIMIT_SECONDS = 90;

    @TempDir
    private Path folder;

    private Path shards;
    private Path undisturbed;

    /** What all runs are compared with: one rank, in one process. */
    @BeforeEach
    void trainUndisturbed() throws IOException {
        shards = Inputs.shards(folder.resolve("shards"));
        undisturbed = folder.resolve("undisturbed");
        Job.Outcome run = Job.run(line(undisturbed));
        assertThat(run.exitCode()).as(run.err()).isZero();
    }

    private List<String> line(Path output, String... more) {
        List<String> line = Job.pretrain(
                shards,
                output,
                "pretrain.training.optimizer=kt4",
                "pretrain.steps=600",
                "pretrain.training.batchSize=64",
                "pretrain.training.microBatch=16",
                "pretrain.training.lanes=1",
                "pretrain.training.checkpointEvery=10",
                "pretrain.training.evaluateEvery=100",
                "model.dim=64",
                "model.layers=2",
                "model.hiddenDim=128");
        for (String setting : more) {
            line.addAll(List.of("--set", setting));
        }
        return line;
    }

    private TrainingProcess start(Path output) throws IOException {
        return TrainingProcess.start(
                folder.resolve("of-" + output.getFileName()),
                line(output, "cluster.ranks=2", "cluster.timeoutSeconds=10"));
    }

    private void assertSameModel(Path output) {
        assertThat(output.resolve("model.safetensors"))
                .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
    }

    @Test
    void ranksKilledAtRandomMoments() throws Exception {
        Path output = folder.resolve("killed");
        RandomGenerator random = new Seeds(6).stream("kills");
        try (TrainingProcess run = start(output)) {
            for (int kill = 0; kill < KILLS; kill++) {
                run.awaitCheckpoint(output, TrainingProcess.newestCheckpoint(output), LIMIT_SECONDS);
                Thread.sleep(random.nextInt(300));
                List<ProcessHandle> executors = run.executors();
                assertThat(executors).as("executors at kill %d", kill).isNotEmpty();
                executors.get(random.nextInt(executors.size())).destroyForcibly();
            }
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isZero();
        }
        assertSameModel(output);
    }

    /** It neither answers nor closes its connections. */
    @Test
    void aRankThatIsStopped() throws Exception {
        Path output = folder.resolve("stopped");
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, 0, LIMIT_SECONDS);
            ProcessHandle executor = run.executors().get(0);
            new ProcessBuilder("kill", "-STOP", Long.toString(executor.pid()))
                    .start()
                    .waitFor();
            run.awaitCheckpoint(output, TrainingProcess.newestCheckpoint(output) + 10, LIMIT_SECONDS);
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isZero();
        }
        assertSameModel(output);
    }

    /** The same command goes on from the newest checkpoint. */
    @Test
    void aDriverThatIsLost() throws Exception {
        Path output = folder.resolve("lost");
        List<ProcessHandle> orphans;
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, 0, LIMIT_SECONDS);
            orphans = run.executors();
            run.killDriver();
        }
        for (ProcessHandle orphan : orphans) {
            assertThat(orphan.onExit().get(LIMIT_SECONDS, java.util.concurrent.TimeUnit.SECONDS))
                    .isNotNull();
        }
        long reached = TrainingProcess.newestCheckpoint(output);
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, reached, LIMIT_SECONDS);
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isZero();
        }
        assertSameModel(output);
    }

    /** The kernel refuses to let any file of the executors grow, as it does where there is no space. */
    @Test
    void aDiskThatIsFull() throws Exception {
        Path output = folder.resolve("full");
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, 0, LIMIT_SECONDS);
            for (ProcessHandle executor : run.executors()) {
                new ProcessBuilder("prlimit", "--pid", Long.toString(executor.pid()), "--fsize=4096")
                        .start()
                        .waitFor();
            }
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isEqualTo(Commands.TRAINING);
            Path unfinished = folder.resolve(".full.incomplete");
            assertThat(run.log())
                    .containsPattern("error: rank 0 of 2 on 127.0.0.1 \\(executor \\d+, attempt 0\\): the checkpoint of"
                            + " step \\d+ cannot be written to file:" + unfinished + ": file:"
                            + unfinished
                            + "/[^:]+: File too large; free space or correct the output, and run the same command again to go on from that of step "
                            + TrainingProcess.newestCheckpoint(output));
        }
        assertThat(output).doesNotExist();
        long reached = TrainingProcess.newestCheckpoint(output);
        assertThat(reached).isPositive();
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, reached, LIMIT_SECONDS);
            assertThat(run.exitCode(LIMIT_SECONDS)).as(run.log()).isZero();
        }
        assertSameModel(output);
    }
}

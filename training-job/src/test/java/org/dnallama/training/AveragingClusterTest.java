package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parameter averaging on executors that are processes of their own, under dynamic allocation, and one of them dies. */
@Tag("cluster")
@Timeout(value = 8, unit = TimeUnit.MINUTES)
class AveragingClusterTest {

    private static final long PATIENCE_SECONDS = 240;

    @TempDir
    private Path folder;

    private Path shards;
    private Path undisturbed;

    @BeforeEach
    void trainUndisturbed() throws IOException {
        shards = Inputs.shards(folder.resolve("shards"));
        undisturbed = folder.resolve("undisturbed");
        Job.Outcome reference = Job.run(line(undisturbed));
        assertThat(reference.exitCode()).as(reference.err()).isEqualTo(Commands.DONE);
    }

    private List<String> line(Path output) {
        return Job.pretrain(
                shards,
                output,
                "pretrain.steps=60",
                "pretrain.training.dropout=0.1",
                "cluster.sync=parameter-averaging",
                "cluster.ranks=2",
                "cluster.averaging.frequency=2");
    }

    private TrainingProcess start(Path output) throws IOException {
        return TrainingProcess.start(
                folder.resolve("of-" + output.getFileName()),
                line(output),
                "spark.executor.memory=1g",
                "spark.dynamicAllocation.enabled=true",
                "spark.dynamicAllocation.shuffleTracking.enabled=true",
                "spark.dynamicAllocation.minExecutors=1",
                "spark.dynamicAllocation.maxExecutors=2");
    }

    @Test
    void anExecutorKilledInTheMiddleChangesNoBit() throws Exception {
        Path output = folder.resolve("disturbed");
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, 0, PATIENCE_SECONDS);
            List<ProcessHandle> executors = run.executors();
            assertThat(executors).as("executors of the driver").isNotEmpty();
            assertThat(executors.get(0).destroyForcibly()).isTrue();
            assertThat(run.exitCode(PATIENCE_SECONDS)).as(run.log()).isEqualTo(Commands.DONE);
            assertThat(run.log()).as("Spark's word for the kill").contains("Lost executor");
        }
        assertSameModel(output);
    }

    /** Parameters, moments and the number of the round are in the checkpoint. */
    @Test
    void aDriverThatIsLostGoesOnWhereItWas() throws Exception {
        Path output = folder.resolve("lost");
        try (TrainingProcess run = start(output)) {
            run.awaitCheckpoint(output, 4, PATIENCE_SECONDS);
            run.killDriver();
        }
        long reached = TrainingProcess.newestCheckpoint(output);
        assertThat(reached).isBetween(8L, 56L);
        try (TrainingProcess run = start(output)) {
            assertThat(run.exitCode(PATIENCE_SECONDS)).as(run.log()).isEqualTo(Commands.DONE);
        }
        assertSameModel(output);
    }

    private void assertSameModel(Path output) {
        assertThat(output.resolve("model.safetensors"))
                .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
    }
}

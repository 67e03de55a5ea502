package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Jobs of several ranks, as threads of one Spark process. */
@Timeout(180)
class BarrierJobTest {

    private static final String MASTER = "local[4]";

    @TempDir
    private Path folder;

    private Path shards;

    @BeforeEach
    void makeShards() throws IOException {
        shards = Inputs.shards(folder.resolve("shards"));
    }

    private List<String> pretrain(String output, String... more) {
        return Job.pretrain(shards, folder.resolve(output), more);
    }

    @Test
    void anyNumberOfRanksLeavesTheSameModel() throws IOException {
        String kt4 = "pretrain.training.optimizer=kt4";
        String rows = "pretrain.training.microBatch=2";
        assertDone(Job.run(MASTER, pretrain("one", kt4, rows)));
        for (int ranks : new int[] {2, 4}) {
            assertDone(Job.run(MASTER, pretrain("of" + ranks, kt4, rows, "cluster.ranks=" + ranks)));
            assertThat(folder.resolve("of" + ranks + "/model.safetensors"))
                    .hasSameBinaryContentAs(folder.resolve("one/model.safetensors"));
        }

        Path data = Inputs.promoters(folder.resolve("promoters"));
        for (int ranks : new int[] {1, 2}) {
            List<String> line = Job.finetune(
                    data,
                    folder.resolve("one"),
                    folder.resolve("classifier" + ranks),
                    "finetune.training.dropout=0.1",
                    "cluster.ranks=" + ranks);
            assertDone(Job.run(MASTER, line));
        }
        assertThat(folder.resolve("classifier2/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("classifier1/model.safetensors"));
    }

    private static void assertDone(Job.Outcome run) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
    }

    @Test
    void stepsThatCannotBeSharedEvenlyAreRefused() {
        Job.Outcome uneven = Job.run(MASTER, pretrain("uneven", "cluster.ranks=3"));
        assertThat(uneven.exitCode()).isEqualTo(Commands.USAGE);
        assertThat(uneven.err())
                .contains("cluster.ranks = 3: batchSize = 8 is no multiple of 3 ranks x microBatch = 4")
                .contains("the branches of a step, 2 of 2 micro-batches, are not to be shared evenly");

        Job.Outcome undealt = Job.run(
                MASTER,
                pretrain(
                        "undealt",
                        "cluster.ranks=2",
                        "pretrain.training.microBatch=2",
                        "pretrain.training.optimizer=kt4-split"));
        assertThat(undealt.exitCode()).isEqualTo(Commands.USAGE);
        assertThat(undealt.err())
                .contains(
                        "kt4-split deals a rank's 2 micro-batches to the stages of classic-4 otherwise than the 4 of a step");
    }

    /** All ranks diverge alike; a second attempt would too, so there is none. */
    @Test
    void aRankThatDivergesEndsTheJobAtOnce() {
        Job.Outcome run = Job.run(
                MASTER,
                pretrain(
                        "diverged",
                        "cluster.ranks=2",
                        "pretrain.training.learningRate=1000",
                        "pretrain.training.clipNorm=0",
                        "pretrain.training.beta1=0",
                        "pretrain.training.beta2=0",
                        "pretrain.training.epsilon=1e-30",
                        "pretrain.training.weightDecay=1000"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.TRAINING);
        assertThat(run.err())
                .containsPattern("error: rank [01] of 2 on \\S+ \\(executor driver, attempt 0\\): step \\d+: ")
                .contains("last good checkpoint");
    }
}

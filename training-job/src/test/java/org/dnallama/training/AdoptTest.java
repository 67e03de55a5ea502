package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An unfinished run, taken up with another optimizer. */
class AdoptTest {

    @TempDir
    private Path folder;

    @Test
    void anotherOptimizersUnfinishedRunIsRefusedAdoptedOrReplaced() throws IOException {
        Path shards = Inputs.shards(folder.resolve("shards"));
        Path model = folder.resolve("model");
        Path staging = folder.resolve(".model.incomplete");
        assertThat(Job.run(Job.pretrain(shards, model, "pretrain.training.optimizer=kt4"))
                        .exitCode())
                .isEqualTo(Commands.DONE);
        String soFar = Files.readString(model.resolve("metrics.jsonl"));
        Files.move(model, staging);
        Files.delete(staging.resolve("_SUCCESS"));
        Files.writeString(staging.resolve("_fingerprint"), "of the run with kt4");

        Job.Outcome refused = Job.run(Job.pretrain(shards, model, "pretrain.steps=14"));
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err())
                .contains("was left by the optimizer kt4, and now it is adamw")
                .contains("training.adopt = true")
                .contains("--overwrite");

        Job.Outcome adopted = Job.run(Job.pretrain(shards, model, "pretrain.steps=14", "pretrain.training.adopt=true"));
        assertThat(adopted.exitCode()).as(adopted.err()).isEqualTo(Commands.DONE);
        assertThat(model.resolve("metrics.jsonl")).content().startsWith(soFar).contains("\"step\":14,");
        assertThat(staging).doesNotExist();
    }
}

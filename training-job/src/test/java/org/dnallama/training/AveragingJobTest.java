package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with {@code cluster.sync = parameter-averaging}, as a user runs them. */
class AveragingJobTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] AVERAGING = {
        "cluster.sync=parameter-averaging", "cluster.ranks=2", "cluster.averaging.frequency=2"
    };

    @TempDir
    private Path folder;

    private Path shards;

    @BeforeEach
    void makeShards() throws IOException {
        shards = Inputs.shards(folder.resolve("shards"));
    }

    private static String[] with(String... more) {
        List<String> all = new ArrayList<>(List.of(AVERAGING));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void bothJobsLearnAndLeaveTheSameArtefactAsAlways() throws IOException {
        Path model = folder.resolve("model");
        Job.Outcome pretrained = Job.run(Job.pretrain(shards, model, AVERAGING));
        assertThat(pretrained.exitCode()).as(pretrained.err()).isEqualTo(Commands.DONE);
        assertThat(pretrained.out()).contains("pretrained " + model + ": 12 steps, 12 gradient evaluations");
        List<Double> losses = values(model, "lossNats");
        assertThat(losses).as("rounds of two steps").hasSize(6);
        assertThat(losses.get(5)).isLessThan(0.8 * losses.get(0));
        assertThat(values(model, "validLossNats")).as("after every second step").hasSize(6);
        assertThat(JSON.readTree(model.resolve("manifest.json").toFile())
                        .at("/config/cluster/ranks")
                        .asInt())
                .isEqualTo(2);

        Path classifier = folder.resolve("classifier");
        Path data = Inputs.promoters(folder.resolve("promoters"));
        Job.Outcome finetuned = Job.run(Job.finetune(data, model, classifier, AVERAGING));
        assertThat(finetuned.exitCode()).as(finetuned.err()).isEqualTo(Commands.DONE);
        assertThat(values(classifier, "devMcc"))
                .last()
                .satisfies(mcc -> assertThat(mcc).isGreaterThan(0.8));
        for (String name : List.of("_SUCCESS", "config.json", "model.safetensors", "tokenizer.json", "trainer")) {
            assertThat(classifier.resolve(name)).exists();
        }

        Job.Outcome again = Job.run(Job.finetune(data, model, classifier, AVERAGING));
        assertThat(again.out()).contains("nothing to do");
        Job.Outcome otherRanks = Job.run(Job.finetune(data, model, classifier, with("cluster.ranks=4")));
        assertThat(otherRanks.exitCode()).as("the result depends on the ranks").isEqualTo(Commands.INPUT);
    }

    @Test
    void refusesWhatCannotBeAveragedAndSaysWhatToSet() {
        Job.Outcome run = Job.run(Job.pretrain(
                shards,
                folder.resolve("model"),
                with(
                        "pretrain.training.optimizer=kt4",
                        "pretrain.lora.rank=4",
                        "cluster.ranks=3",
                        "compute.backend=vector")));
        assertThat(run.exitCode()).isEqualTo(Commands.USAGE);
        assertThat(run.err())
                .contains(
                        "pretrain.training.optimizer = kt4: its stages need the gradient of all workers at once, which"
                                + " cluster.sync = parameter-averaging does not give; set cluster.sync = all-reduce, or"
                                + " pretrain.training.optimizer = adamw")
                .contains("set pretrain.lora.rank = 0, or cluster.sync = all-reduce")
                .contains("pretrain.training.batchSize = 8: must be a multiple of cluster.ranks = 3")
                .contains("compute.backend = vector: cluster.sync = parameter-averaging computes in ND4J's memory");
    }

    private static List<Double> values(Path checkpoint, String name) throws IOException {
        List<Double> values = new ArrayList<>();
        for (String line : Files.readAllLines(checkpoint.resolve("metrics.jsonl"))) {
            JsonNode json = JSON.readTree(line);
            if (json.hasNonNull(name)) {
                values.add(json.get(name).asDouble());
            }
        }
        return values;
    }
}

package org.dnallama.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.spark.SparkUserAppException;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What a submitted job leaves beside its output. */
class JobStatusTest {

    private static final Map<String, String> ON_YARN = Map.of(
            "spark.master",
            "yarn",
            JobStatus.DEPLOY_MODE,
            "cluster",
            JobStatus.RUN,
            "run-1",
            "spark.yarn.app.id",
            "application_1_1");

    @TempDir
    Path folder;

    @BeforeEach
    void submit() {
        ON_YARN.forEach(System::setProperty);
    }

    @AfterEach
    void forget() {
        ON_YARN.keySet().forEach(System::clearProperty);
    }

    @Command(name = "dna-llama", subcommands = Pretrain.class)
    private static final class Main {}

    @Command(name = "pretrain")
    private static final class Pretrain implements Callable<Integer> {

        @Mixin
        private JobOptions options = new JobOptions();

        @Override
        public Integer call() throws IOException {
            String steps = options.settings().text("pretrain.steps");
            if (steps.equals("1")) {
                return Commands.DONE;
            }
            assertThat(status(options.settings().text("pretrain.output"))
                            .path("state")
                            .asText())
                    .isEqualTo("running");
            throw new InputException("a.fa:7: bad");
        }
    }

    private static JsonNode status(String output) throws IOException {
        return new ObjectMapper().readTree(Path.of(output + ".status.json").toFile());
    }

    private int pretrain(int steps) {
        String output = "pretrain.output=" + folder.resolve("model");
        return Commands.run(new Main(), "pretrain", "--set", output, "--set", "pretrain.steps=" + steps);
    }

    @Test
    void tellsOfAFailure() throws IOException {
        assertThat(pretrain(2)).isEqualTo(3);
        JsonNode status = status(folder.resolve("model").toString());
        assertThat(status.path("command").asText()).isEqualTo("pretrain");
        assertThat(status.path("state").asText()).isEqualTo("failed");
        assertThat(status.path("exitCode").asInt()).isEqualTo(3);
        assertThat(status.path("firstCause").asText()).isEqualTo("a.fa:7: bad");
        assertThat(status.path("run").asText()).isEqualTo("run-1");
        assertThat(status.path("applicationId").asText()).isEqualTo("application_1_1");
        assertThat(status.path("ended").asText())
                .isGreaterThanOrEqualTo(status.path("started").asText());
    }

    @Test
    void aLaterSuccessReplacesAnEarlierFailure() throws IOException {
        pretrain(2);
        assertThat(pretrain(1)).isZero();
        JsonNode status = status(folder.resolve("model").toString());
        assertThat(status.path("state").asText()).isEqualTo("done");
        assertThat(status.path("firstCause").asText()).isEmpty();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> !file.toString().endsWith(".crc")))
                    .containsExactly(folder.resolve("model.status.json"));
        }
    }

    @Test
    void anEmbeddedRunLeavesNone() {
        System.clearProperty(JobStatus.DEPLOY_MODE);
        assertThat(pretrain(1)).isZero();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aPlaceThatCannotBeWrittenDoesNotEndTheJob() throws IOException {
        Files.writeString(folder.resolve("file"), "");
        String output = "pretrain.output=" + folder.resolve("file/model");
        assertThat(Commands.run(new Main(), "pretrain", "--set", output, "--set", "pretrain.steps=1"))
                .isZero();
    }

    @Test
    void aDriverInsideOfYarnHandsItsCodeToSpark() throws SparkUserAppException {
        Commands.exit(0);
        assertThatThrownBy(() -> Commands.exit(3))
                .isInstanceOfSatisfying(
                        SparkUserAppException.class,
                        carrier -> assertThat(carrier.exitCode()).isEqualTo(3));
    }

    @Test
    void aClusterThatDoesNotTakeTheJobIsNoBugOfOurs() {
        System.setProperty("spark.master", "no-such-manager");
        assertThat(Commands.run(new NeedsSpark())).isEqualTo(69);
    }

    @Command(name = "needs-spark")
    private static final class NeedsSpark implements Callable<Integer> {
        @Override
        public Integer call() {
            Sessions.open("test").close();
            return Commands.DONE;
        }
    }
}

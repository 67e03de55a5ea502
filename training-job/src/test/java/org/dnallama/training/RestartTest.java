package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs whose process dies in the middle, past the checkpoint of step 4 and while that of step 8 is written. */
class RestartTest {

    @TempDir
    private Path folder;

    private Path shards;
    private Path model;

    @BeforeEach
    void makeShards() throws IOException {
        shards = Inputs.shards(folder.resolve("shards"));
        model = folder.resolve("model");
    }

    @Test
    void jobsGoOnAndEndWithTheSameBits() throws Exception {
        String kt4 = "pretrain.training.optimizer=kt4";
        assertDone(Job.pretrain(shards, model, kt4));
        assertSurvivesAPowerCut(model, broken -> Job.pretrain(shards, broken, kt4));

        Path data = Inputs.promoters(folder.resolve("promoters"));
        Path classifier = folder.resolve("classifier");
        String dropout = "finetune.training.dropout=0.1";
        assertDone(Job.finetune(data, model, classifier, dropout));
        assertSurvivesAPowerCut(classifier, broken -> Job.finetune(data, model, broken, dropout));
    }

    /** The job's command line for another output. */
    private interface Line {
        List<String> to(Path output);
    }

    private void assertSurvivesAPowerCut(Path undisturbed, Line line) throws Exception {
        Path output = undisturbed.resolveSibling("broken-" + undisturbed.getFileName());
        Path staging = folder.resolve("." + output.getFileName() + ".incomplete");
        assertThat(runUntilThePowerCut(line.to(output))).isEqualTo(PowerCut.EXIT_CODE);
        assertThat(output).doesNotExist();
        assertThat(staging.resolve("trainer")).isDirectoryContaining("glob:**/partial-*");
        assertThat(staging.resolve("trainer/step-8")).doesNotExist();
        String soFar = Files.readString(staging.resolve("trainer/step-4/metrics.jsonl"));

        assertDone(line.to(output));
        assertThat(output.resolve("model.safetensors"))
                .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
        // The lines hold elapsed times: only a run that went on has the very same ones.
        assertThat(output.resolve("metrics.jsonl")).content().startsWith(soFar);
        assertThat(Files.readAllLines(output.resolve("metrics.jsonl")))
                .hasSameSizeAs(Files.readAllLines(undisturbed.resolve("metrics.jsonl")));
        assertThat(output.resolve("trainer")).isDirectoryNotContaining("glob:**/partial-*");
        assertThat(staging).doesNotExist();
    }

    private static void assertDone(List<String> line) {
        Job.Outcome run = Job.run(line);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(Commands.DONE);
    }

    private int runUntilThePowerCut(List<String> line) throws Exception {
        List<String> process = new ArrayList<>();
        process.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        process.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        // A process this short is not worth optimizing.
        process.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        Job.SPARK.forEach((key, value) -> process.add("-D" + key + "=" + value));
        process.add("-Dspark.hadoop.fs.file.impl=" + PowerCut.class.getName());
        process.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingMain.class.getName()));
        process.addAll(line);
        Path log = folder.resolve("process.log");
        int code = new ProcessBuilder(process)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start()
                .waitFor();
        assertThat(code).as(Files.readString(log)).isEqualTo(PowerCut.EXIT_CODE);
        return code;
    }
}

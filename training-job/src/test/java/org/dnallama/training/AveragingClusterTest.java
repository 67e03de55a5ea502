package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.dnallama.spark.Commands;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Parameter averaging on executors that are processes of their own, under dynamic allocation, and one of them dies. */
@Tag("cluster")
class AveragingClusterTest {

    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    private Path folder;

    private static List<String> line(Path shards, Path output) {
        return Job.pretrain(
                shards,
                output,
                "pretrain.steps=60",
                "pretrain.training.dropout=0.1",
                "cluster.sync=parameter-averaging",
                "cluster.ranks=2",
                "cluster.averaging.frequency=2");
    }

    @Test
    @Timeout(value = 8, unit = TimeUnit.MINUTES)
    void anExecutorKilledInTheMiddleChangesNoBit() throws Exception {
        Path shards = Inputs.shards(folder.resolve("shards"));
        Path undisturbed = folder.resolve("undisturbed");
        Job.Outcome reference = Job.run(line(shards, undisturbed));
        assertThat(reference.exitCode()).as(reference.err()).isEqualTo(Commands.DONE);

        Path disturbed = folder.resolve("disturbed");
        Path log = folder.resolve("driver.log");
        Process driver = start(line(shards, disturbed), log);
        try {
            awaitCheckpoint(driver, folder.resolve(".disturbed.incomplete/trainer"), log);
            List<ProcessHandle> executors = executors(driver);
            assertThat(executors).as("executors of the driver").isNotEmpty();
            assertThat(executors.get(0).destroyForcibly()).isTrue();
            assertThat(driver.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } finally {
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
        assertThat(driver.exitValue()).as(Files.readString(log)).isEqualTo(Commands.DONE);
        assertThat(log).content().as("Spark's word for the kill").contains("Lost executor");
        assertThat(disturbed.resolve("model.safetensors"))
                .hasSameBinaryContentAs(undisturbed.resolve("model.safetensors"));
    }

    /** Waits until some rounds are over, and many are not. */
    private static void awaitCheckpoint(Process driver, Path trainer, Path log) throws Exception {
        Instant end = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(end) && driver.isAlive()) {
            if (Files.isDirectory(trainer)) {
                try (Stream<Path> names = Files.list(trainer)) {
                    if (names.anyMatch(name -> name.getFileName().toString().startsWith("step-"))) {
                        return;
                    }
                }
            }
            Thread.sleep(20);
        }
        throw new AssertionError("no checkpoint was written:\n" + Files.readString(log));
    }

    /** The driver's children: with local-cluster its own process starts the executors. */
    private static List<ProcessHandle> executors(Process driver) {
        return driver.children().toList();
    }

    private Process start(List<String> line, Path log) throws IOException {
        // The executors' class path is the tests' own; a Spark home must be there, but needs to hold nothing.
        Path home = Files.createDirectories(folder.resolve("spark-home"));
        Files.createDirectories(home.resolve("jars"));
        String classPath = System.getProperty("java.class.path");
        List<String> flags = ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--add") || flag.startsWith("-XX:+Ignore"))
                .toList();
        Map<String, String> spark = Map.ofEntries(
                Map.entry("spark.master", "local-cluster[2,1,1024]"),
                Map.entry("spark.executor.memory", "1g"),
                Map.entry("spark.executor.extraClassPath", classPath),
                Map.entry("spark.executor.extraJavaOptions", String.join(" ", flags) + " -XX:TieredStopAtLevel=1"),
                Map.entry("spark.ui.enabled", "false"),
                Map.entry("spark.driver.bindAddress", "127.0.0.1"),
                Map.entry("spark.driver.host", "127.0.0.1"),
                Map.entry("spark.dynamicAllocation.enabled", "true"),
                Map.entry("spark.dynamicAllocation.shuffleTracking.enabled", "true"),
                Map.entry("spark.dynamicAllocation.minExecutors", "1"),
                Map.entry("spark.dynamicAllocation.maxExecutors", "2"));
        List<String> process = new ArrayList<>();
        process.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        process.addAll(flags);
        process.add("-Xmx1g");
        spark.forEach((key, value) -> process.add("-D" + key + "=" + value));
        process.addAll(List.of("-cp", classPath, TrainingMain.class.getName()));
        process.addAll(line);
        ProcessBuilder builder = new ProcessBuilder(process)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("SPARK_HOME", home.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        return builder.start();
    }
}

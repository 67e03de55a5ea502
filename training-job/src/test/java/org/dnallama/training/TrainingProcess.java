package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** A training job in processes of its own: a driver, and two executors that it starts. */
final class TrainingProcess implements AutoCloseable {

    private static final Map<String, String> SPARK = Map.of(
            "spark.master", "local-cluster[2,1,1024]",
            "spark.ui.enabled", "false",
            "spark.driver.host", "127.0.0.1",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.executor.memory", "512m",
            "spark.executor.extraClassPath", System.getProperty("java.class.path"),
            // What lets executors find their classes without a Spark installation.
            "spark.executorEnv.SPARK_TESTING", "1",
            "spark.executorEnv.SPARK_SCALA_VERSION", "2.12",
            "spark.executorEnv.OMP_NUM_THREADS", "1");

    private final Path folder;
    private final Process driver;

    private TrainingProcess(Path folder, Process driver) {
        this.folder = folder;
        this.driver = driver;
    }

    static TrainingProcess start(Path folder, List<String> line, String... properties) throws IOException {
        Files.createDirectories(folder);
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(modules());
        command.add("-XX:TieredStopAtLevel=1");
        spark(Map.of()).forEach((key, value) -> command.add("-D" + key + "=" + value));
        Stream.of(properties).forEach(property -> command.add("-D" + property));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), TrainingMain.class.getName()));
        command.addAll(line);
        Process driver = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("driver.log").toFile())
                .start();
        return new TrainingProcess(folder, driver);
    }

    private static List<String> modules() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag ->
                        flag.startsWith("--add-") || flag.startsWith("-Djdk.") || flag.startsWith("-XX:+Ignore"))
                .toList();
    }

    /** What a driver needs to start executors with this process's class path; some settings may be otherwise. */
    static Map<String, String> spark(Map<String, String> otherwise) {
        Map<String, String> settings = new HashMap<>(SPARK);
        settings.put("spark.executor.extraJavaOptions", String.join(" ", modules()));
        settings.putAll(otherwise);
        return settings;
    }

    boolean isAlive() {
        return driver.isAlive();
    }

    /** The executors that run at this moment. */
    List<ProcessHandle> executors() {
        return driver.descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }

    /** Ends the driver as a power cut would. */
    void killDriver() throws InterruptedException {
        driver.destroyForcibly().waitFor();
    }

    /** Waits for the end; negative if it does not come in time. */
    int exitCode(long seconds) throws InterruptedException {
        return driver.waitFor(seconds, TimeUnit.SECONDS) ? driver.exitValue() : -1;
    }

    /** Waits for a checkpoint after that of a step. */
    void awaitCheckpoint(Path output, long after, long seconds) throws Exception {
        long start = System.nanoTime();
        while (newestCheckpoint(output) <= after) {
            assertThat(isAlive())
                    .as("alive before a checkpoint after step %d: %s", after, log())
                    .isTrue();
            assertThat((System.nanoTime() - start) / 1e9)
                    .as("seconds: %s", log())
                    .isLessThan((double) seconds);
            Thread.sleep(20);
        }
    }

    /** Waits until an executor has computed for so long from now on. */
    void awaitWork(Duration work, long seconds) throws Exception {
        long start = System.nanoTime();
        Map<ProcessHandle, Duration> before =
                executors().stream().collect(Collectors.toMap(executor -> executor, TrainingProcess::computed));
        while (before.keySet().stream()
                .allMatch(executor ->
                        computed(executor).minus(before.get(executor)).compareTo(work) < 0)) {
            assertThat((System.nanoTime() - start) / 1e9)
                    .as("seconds: %s", log())
                    .isLessThan((double) seconds);
            Thread.sleep(20);
        }
    }

    private static Duration computed(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("driver.log"));
    }

    /** Step of the newest whole checkpoint of an unfinished output; 0 if there is none. */
    static long newestCheckpoint(Path output) throws IOException {
        Path trainer = output.resolveSibling("." + output.getFileName() + ".incomplete")
                .resolve("trainer");
        if (!Files.isDirectory(trainer)) {
            return 0;
        }
        try (Stream<Path> all = Files.list(trainer)) {
            return all.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith("step-"))
                    .collect(Collectors.summarizingLong(name -> Long.parseLong(name.substring(5))))
                    .getMax();
        }
    }

    /** Ends all that still runs, a stopped process too. */
    @Override
    public void close() {
        List<ProcessHandle> executors = executors();
        driver.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
    }
}

package org.dnallama.deploy.check;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/** Spark's own classes in processes of their own, on the class path of these tests instead of an installation's. */
final class SparkProcess implements AutoCloseable {

    private final Process process;
    private final Path log;

    private SparkProcess(Process process, Path log) {
        this.process = process;
        this.log = log;
    }

    /** Flags for Java that these tests run with too. */
    static List<String> javaFlags() {
        return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag ->
                        flag.startsWith("--add-") || flag.startsWith("-Djdk.") || flag.startsWith("-XX:+Ignore"))
                .toList();
    }

    /**
     * Starts a main class.
     *
     * @param folder where it works
     * @param log file for both of its streams
     * @param environment variables over those of this process
     * @param words flags for Java, main class, arguments
     */
    static SparkProcess start(Path folder, Path log, Map<String, String> environment, List<String> words)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(javaFlags());
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(Files.createDirectories(folder).toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().putAll(environment);
        return new SparkProcess(builder.start(), log);
    }

    /** What spark-submit wants to be named, though all classes are on the class path. */
    static Path emptyJar(Path file) throws IOException {
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(file), new Manifest())) {
            jar.finish();
        }
        return file;
    }

    /** Waits for the end; negative if it does not come in time. */
    int exitCode(long seconds) throws InterruptedException {
        return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    String log() throws IOException {
        return Files.readString(log);
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}

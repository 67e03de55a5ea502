package org.dnallama.deploy.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A command of {@code deploy/dna-llama}, as a user gives it.
 *
 * @param process of the launcher
 * @param log what it prints
 */
record Launch(Process process, Path log) {

    static final Path ROOT = Path.of("../..").toAbsolutePath().normalize();
    static final Path SPARK_HOME = Path.of("target/home").toAbsolutePath();
    static final long LIMIT_SECONDS = 300;

    static Launch start(Path folder, Map<String, String> environment, List<String> arguments) throws IOException {
        Path log = Files.createTempFile(folder, arguments.get(0) + "-", ".log");
        List<String> command =
                new ArrayList<>(List.of("bash", ROOT.resolve("deploy/dna-llama").toString()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().keySet().removeAll(List.of("DNALLAMA_MEMORY", "DNALLAMA_JARS"));
        builder.environment().put("SPARK_HOME", SPARK_HOME.toString());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().putAll(environment);
        return new Launch(builder.start(), log);
    }

    /** The data of the demo, made once for a folder. */
    static Path demoData(Path folder) throws IOException, InterruptedException {
        Path data = folder.resolve("demo-data");
        Launch launch = start(folder, Map.of(), List.of("demo-data", "--output", data.toString()));
        if (launch.code() != 0) {
            throw new IllegalStateException(launch.text());
        }
        return data;
    }

    /** The exit code; negative if it does not end in time. */
    int code() throws InterruptedException {
        return process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) ? process.exitValue() : -1;
    }

    String text() throws IOException {
        return Files.readString(log);
    }
}

package org.dnallama.deploy.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A standalone cluster: a master and a worker, in processes of their own. */
final class Standalone implements AutoCloseable {

    private static final Pattern ADDRESS = Pattern.compile("Starting Spark master at (spark://\\S+)");
    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(60);

    private final List<Process> processes = new ArrayList<>();
    private final Path folder;
    private final String address;

    private Standalone(Path folder) throws IOException, InterruptedException {
        this.folder = Files.createDirectories(folder);
        start("master", "org.apache.spark.deploy.master.Master", "--host", "127.0.0.1", "--port", "0");
        this.address = await(folder.resolve("master.log"), ADDRESS);
    }

    static Standalone start(Path folder) throws IOException, InterruptedException {
        Standalone cluster = new Standalone(folder);
        cluster.start(
                "worker",
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "2",
                "--memory",
                "4g",
                "--work-dir",
                cluster.work().toString(),
                cluster.address);
        await(folder.resolve("worker.log"), Pattern.compile("(Successfully registered)"));
        return cluster;
    }

    private void start(String name, String... command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                Launch.SPARK_HOME.resolve("jars") + "/*"));
        line.addAll(List.of(command));
        line.addAll(line.size() - command.length + 1, List.of("--webui-port", "0"));
        ProcessBuilder builder = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile());
        builder.environment().put("SPARK_HOME", Launch.SPARK_HOME.toString());
        builder.environment().put("SPARK_SCALA_VERSION", "2.12");
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        processes.add(builder.start());
    }

    private static String await(Path log, Pattern sought) throws IOException, InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < LIMIT_NANOS) {
            Matcher found = sought.matcher(Files.readString(log));
            if (found.find()) {
                return found.group(1);
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(Files.readString(log));
    }

    /** As {@code --master} takes it. */
    String address() {
        return address;
    }

    /** Where the worker keeps what drivers and executors say. */
    Path work() {
        return folder.resolve("work");
    }

    @Override
    public void close() {
        processes.stream().flatMap(Process::descendants).forEach(ProcessHandle::destroyForcibly);
        processes.forEach(Process::destroyForcibly);
    }
}

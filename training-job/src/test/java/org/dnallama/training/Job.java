package org.dnallama.training;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Runs the training jobs as a user does, within this process, on the tiny inputs of {@link Inputs}. */
final class Job {

    /** Spark's settings; a process that runs the jobs needs them as system properties. */
    static final Map<String, String> SPARK = Map.of(
            "spark.master", "local[1]",
            "spark.ui.enabled", "false",
            "spark.driver.bindAddress", "127.0.0.1",
            "spark.driver.host", "127.0.0.1");

    private static final String SHARED = "batchSize=8 microBatch=4 learningRate=0.01 evaluateEvery=2 checkpointEvery=4";

    private Job() {}

    /** What a run left. */
    record Outcome(int exitCode, String out, String err) {}

    /** Arguments of a pre-training of a model that is as small as can be. */
    static List<String> pretrain(Path shards, Path output, String... more) {
        List<String> line = new ArrayList<>(List.of("pretrain"));
        set(line, "model", "dim=16 layers=1 heads=2 kvHeads=1 hiddenDim=24 contextLength=32");
        set(line, "pretrain", "steps=12 validRows=8");
        return complete(line, Map.of("pretrain.shards", shards, "pretrain.output", output), more);
    }

    /** Arguments of a fine-tuning of such a model. */
    static List<String> finetune(Path data, Path from, Path output, String... more) {
        List<String> line = new ArrayList<>(List.of("finetune"));
        set(line, "finetune", "epochs=4");
        return complete(line, Map.of("finetune.data", data, "finetune.from", from, "finetune.output", output), more);
    }

    private static List<String> complete(List<String> line, Map<String, Path> places, String... more) {
        set(line, line.get(0) + ".training", SHARED);
        places.forEach((key, place) -> line.addAll(List.of("--set", key + "=\"" + place + "\"")));
        for (String argument : more) {
            line.addAll(argument.startsWith("--") ? List.of(argument) : List.of("--set", argument));
        }
        return line;
    }

    private static void set(List<String> line, String section, String pairs) {
        for (String pair : pairs.split(" ", -1)) {
            line.addAll(List.of("--set", section + "." + pair));
        }
    }

    /** Runs a command line. */
    static Outcome run(List<String> line) {
        return run("local[1]", line);
    }

    /** Runs a command line on as many threads as a master has. */
    static Outcome run(String master, List<String> line) {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream outBytes = new ByteArrayOutputStream();
        ByteArrayOutputStream errBytes = new ByteArrayOutputStream();
        SPARK.forEach(System::setProperty);
        System.setProperty("spark.master", master);
        System.setOut(new PrintStream(outBytes, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(errBytes, true, StandardCharsets.UTF_8));
        try {
            int code = TrainingMain.run(line.toArray(String[]::new));
            return new Outcome(
                    code, outBytes.toString(StandardCharsets.UTF_8), errBytes.toString(StandardCharsets.UTF_8));
        } finally {
            System.setOut(out);
            System.setErr(err);
            SPARK.keySet().forEach(System::clearProperty);
        }
    }

    /** Name and time of change of all that is in a folder. */
    static Map<String, Long> snapshot(Path folder) throws IOException {
        Map<String, Long> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.toList()) {
                files.put(
                        folder.relativize(file).toString(),
                        Files.getLastModifiedTime(file).toMillis());
            }
        }
        return files;
    }
}

package org.dnallama.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.LlamaConfig;

/**
 * Peak memory of training: a fresh Java process trains for some steps and tells how much its resident memory grew at
 * most (Linux's VmHWM) from the moment when the libraries were loaded and had trained a tiny model. Its Java heap is
 * fixed and touched before that, so what is counted is weights, gradients, moments, activations and scratch, on either
 * side, and nothing of the libraries' own size.
 */
final class TrainingMemory {

    /** Enough for activations, gradients and moments to exist and for allocators to reuse what they freed. */
    private static final int STEPS = 3;

    private static final String ANSWER = "peak bytes: ";

    private TrainingMemory() {}

    /** Peak of an engine on a shape, in bytes; NaN where there is no /proc. */
    static double measure(String engine, TrainShape shape) {
        List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> !argument.startsWith("-Xm"))
                .forEach(command::add);
        // JavaCPP bounds native memory by the heap's size unless it is told not to.
        command.addAll(List.of(
                "-Xms128m",
                "-Xmx128m",
                "-XX:+UseSerialGC",
                "-XX:+AlwaysPreTouch",
                "-Dorg.bytedeco.javacpp.maxBytes=0",
                "-Dorg.bytedeco.javacpp.maxPhysicalBytes=0",
                "-cp",
                System.getProperty("java.class.path"),
                TrainingMemory.class.getName(),
                engine,
                shape.name()));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            try (BufferedReader out =
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
                return out.lines()
                        .filter(line -> line.startsWith(ANSWER))
                        .mapToDouble(line -> Double.parseDouble(line.substring(ANSWER.length())))
                        .findFirst()
                        .orElse(Double.NaN);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start a Java process to measure memory in", e);
        }
    }

    /**
     * The process that is measured.
     *
     * @param args an engine's name and a shape's
     * @throws IOException if the system does not tell its memory
     */
    public static void main(String[] args) throws IOException {
        LlamaConfig tiny = new LlamaConfig(8, 8, 1, 2, 1, 8, 4, 10_000, 1e-5, true);
        Batch row = Batches.languageModel(List.of(new int[] {1, 2, 3, 4}), 0);
        try (TrainingEngine engine = Engines.open(args[0], tiny, row)) {
            engine.step();
        }
        long before = Machine.residentBytes();
        TrainShape shape = TrainShape.valueOf(args[1]);
        try (TrainingEngine engine = Engines.open(args[0], shape.config(), shape.batch())) {
            for (int i = 0; i < STEPS; i++) {
                engine.step();
            }
        }
        System.out.println(ANSWER + (Machine.peakResidentBytes() - before));
    }
}

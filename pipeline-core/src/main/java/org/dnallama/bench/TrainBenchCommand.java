package org.dnallama.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.dnallama.config.ConfigException;
import org.dnallama.console.ProgressBars;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Speed and memory of training beside LibTorch's. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        description = {
            "Measures training steps (forward, backward, AdamW) of our engines and of LibTorch's eager autograd in turns,"
                    + " on the same weights and data, with one thread each.",
            "Speed is tokens per CPU second, so other work on the machine disturbs little; figures are medians."
        },
        footer = {
            "",
            "Keys of the JSON file, for each ENGINE and SHAPE:",
            "  ENGINE.SHAPE.tokensPerCpuSecond",
            "  ENGINE.SHAPE.vsLibTorch        speed as a multiple of LibTorch's",
            "  ENGINE.SHAPE.gemmShare         needed arithmetic as a part of the machine's own gemm peak",
            "  ENGINE.SHAPE.peakBytes         most memory of weights, gradients, moments, activations and scratch",
            "  ENGINE.SHAPE.memoryVsLibTorch  that as a multiple of LibTorch's",
            "  ENGINE.SHAPE.threads2          speed of two threads by the clock, as a multiple of one's",
            "",
            "Examples:",
            "  dna-llama bench train",
            "  dna-llama bench train --shapes base,long --repeats 9 --json train.json"
        })
final class TrainBenchCommand implements Callable<Integer> {

    @Option(
            names = "--shapes",
            split = ",",
            paramLabel = "SHAPE",
            defaultValue = "demo,base,long,wide",
            description = "Shapes of model and batch, joined by commas (default: ${DEFAULT-VALUE}).")
    private List<String> shapes = List.of();

    @Option(
            names = "--engines",
            split = ",",
            paramLabel = "ENGINE",
            defaultValue = "vector",
            description = "Engines, joined by commas (default: ${DEFAULT-VALUE}).")
    private List<String> engines = List.of();

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        List<TrainShape> chosen = chosen();
        Figures figures = new Figures();
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        List<List<String>> rows = new ArrayList<>();
        try (ProgressBar bar = ProgressBars.named(
                        "bench train", (long) chosen.size() * TrainBench.ticks(engines.size(), options.repeats()))
                .build()) {
            for (TrainShape shape : chosen) {
                bar.setExtraMessage(" " + shape.label());
                TrainBench bench = new TrainBench(shape, engines, options.repeats(), what -> {
                    bar.setExtraMessage(" " + shape.label() + ": " + what);
                    bar.step();
                });
                for (TrainBench.Result result : bench.run()) {
                    rows.add(row(shape, result));
                    put(figures, result.engine() + "." + shape.label() + ".", result);
                }
            }
        }
        out.print(new ResultTable(HEADER, rows).toText());
        options.finish(figures, out);
        return Commands.DONE;
    }

    private List<TrainShape> chosen() {
        List<String> errors = new ArrayList<>();
        List<TrainShape> chosen = new ArrayList<>();
        for (String shape : shapes) {
            chosen.add(TrainShape.named(shape, "--shapes", errors));
        }
        for (String engine : engines) {
            if (!Engines.names().contains(engine)) {
                errors.add("--engines: no engine " + engine + "; there are " + String.join(",", Engines.names()));
            }
        }
        options.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return chosen;
    }

    private static final List<String> HEADER = List.of(
            "shape, engine", "tokens/CPU s", "x LibTorch", "gemm share", "peak MB", "x LibTorch's memory", "2 threads");

    private static List<String> row(TrainShape shape, TrainBench.Result result) {
        return List.of(
                shape.label() + ", " + result.engine(),
                cell("%,.0f", result.tokensPerCpuSecond()),
                cell("%.2f", result.vsLibTorch()),
                cell("%.2f", result.gemmShare()),
                cell("%,.0f", result.peakBytes() / 1e6),
                cell("%.2f", result.memoryVsLibTorch()),
                cell("%.2f", result.threads2()));
    }

    private static String cell(String format, double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
    }

    private static void put(Figures figures, String prefix, TrainBench.Result result) {
        figures.put(prefix + "tokensPerCpuSecond", result.tokensPerCpuSecond())
                .put(prefix + "gemmShare", result.gemmShare())
                .put(prefix + "peakBytes", result.peakBytes());
        if (!result.engine().equals(Engines.PEER)) {
            figures.put(prefix + "vsLibTorch", result.vsLibTorch())
                    .put(prefix + "memoryVsLibTorch", result.memoryVsLibTorch())
                    .put(prefix + "threads2", result.threads2());
        }
    }
}

package org.dnallama.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.dnallama.bench.OptimBench.Contestant;
import org.dnallama.config.ConfigException;
import org.dnallama.console.ProgressBars;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What a step of each optimizer costs beside one of AdamW. */
@Command(
        name = "optim",
        mixinStandardHelpOptions = true,
        description = {
            "Measures whole steps (forward, backward, clipping, update) of optimizers in turns, on the same weights and data,"
                    + " with one thread each. kt4 takes four gradients of a batch, kt4-split one of each of four.",
            "Figures are medians of CPU seconds, so other work on the machine disturbs little."
        },
        footer = {
            "",
            "Keys of the JSON file:",
            "  kt4.vsAdamw                    a step of kt4 in steps of adamw on the same batch",
            "  kt4Split.vsAccumulatedAdamw    a step of kt4-split in steps of adamw on the same four batches",
            "  nadamw.vsAdamw                 a step of nadamw in steps of adamw",
            "  NAME.cpuSeconds                of a step of adamw, nadamw, kt4, accumulatedAdamw, kt4Split",
            "",
            "Examples:",
            "  dna-llama bench optim",
            "  dna-llama bench optim --shape demo --repeats 9 --json optim.json"
        })
final class OptimBenchCommand implements Callable<Integer> {

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "base",
            description = "Shape of model and batch (default: ${DEFAULT-VALUE}).")
    private String shape = "";

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        TrainShape chosen = chosen();
        Figures figures = new Figures();
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        Turns turns;
        try (ProgressBar bar = ProgressBars.named("bench optim", OptimBench.ticks(options.repeats()))
                .build()) {
            turns = new OptimBench(chosen, options.repeats(), name -> {
                        bar.setExtraMessage(" " + name);
                        bar.step();
                    })
                    .run();
        }
        List<List<String>> rows = new ArrayList<>();
        for (Contestant contestant : Contestant.values()) {
            double seconds = turns.median(contestant.key());
            figures.put(contestant.key() + ".cpuSeconds", seconds);
            rows.add(List.of(contestant.key() + ".cpuSeconds", cell("%.4f", seconds)));
        }
        for (Ratio ratio : RATIOS) {
            double times = turns.ratio(ratio.one.key(), ratio.other.key());
            figures.put(ratio.key, times);
            rows.add(List.of(ratio.key, cell("%.3f", times)));
        }
        out.print(new ResultTable(List.of("a step", ""), rows).toText());
        options.finish(figures, out);
        return Commands.DONE;
    }

    private TrainShape chosen() {
        List<String> errors = new ArrayList<>();
        TrainShape named = TrainShape.named(shape, "--shape", errors);
        options.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return named;
    }

    /** One contestant's cost in steps of another. */
    private record Ratio(String key, Contestant one, Contestant other) {}

    private static final List<Ratio> RATIOS = List.of(
            new Ratio("nadamw.vsAdamw", Contestant.NADAMW, Contestant.ADAMW),
            new Ratio("kt4.vsAdamw", Contestant.KT4, Contestant.ADAMW),
            new Ratio("kt4Split.vsAccumulatedAdamw", Contestant.KT4_SPLIT, Contestant.ACCUMULATED_ADAMW));

    private static String cell(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}

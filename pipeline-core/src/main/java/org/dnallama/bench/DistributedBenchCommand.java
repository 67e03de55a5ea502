package org.dnallama.bench;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
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

/** What training on two processes costs beside training on one. */
@Command(
        name = "distributed",
        mixinStandardHelpOptions = true,
        description = {
            "Starts a second process on this machine and measures sums over both, and steps that they take together, in"
                    + " turns with what each does alone. Each process has one thread, so two cores must be free.",
            "Figures are medians of seconds by the clock: other work on the machine disturbs them."
        },
        footer = {
            "",
            "Keys of the JSON file:",
            "  allReduce.vsGloo      a sum over both processes as training takes it of one tensor, in sums of Gloo's own",
            "  twoRanks.efficiency   AdamW's step on two batches: one process's time / (2 x that of two processes)",
            "  twoRanks.apart        the same for processes that do not synchronize: what the machine leaves of 1",
            "  kt4.syncShare         what synchronization adds to KT4's step, as a part of the step without it",
            "  NAME.seconds          of a sum by gloo and allReduce; of a step by oneProcess (on both batches),",
            "                        twoProcesses, twoApart, kt4, kt4Apart",
            "",
            "Examples:",
            "  dna-llama bench distributed",
            "  dna-llama bench distributed --megabytes 20 --repeats 9 --json distributed.json"
        })
final class DistributedBenchCommand implements Callable<Integer> {

    @Option(
            names = "--shape",
            paramLabel = "SHAPE",
            defaultValue = "base",
            description = "Shape of the model and of each process's batch (default: ${DEFAULT-VALUE}).")
    private String shape = "";

    @Option(
            names = "--megabytes",
            paramLabel = "N",
            defaultValue = "100",
            description = "Size of the sums that are compared with Gloo's (default: ${DEFAULT-VALUE}).")
    private int megabytes;

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        DistributedBench bench = bench();
        Figures figures = new Figures();
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        Turns turns;
        try (ProgressBar bar = ProgressBars.named("bench distributed", DistributedBench.ticks(bench.repeats()))
                        .build();
                Pair pair = Pair.start(PeerCommand.line(bench))) {
            turns = bench.run(pair.meeting(), name -> {
                bar.setExtraMessage(" " + name);
                bar.step();
            });
        }
        List<List<String>> rows = new ArrayList<>();
        found(turns).forEach((key, value) -> {
            figures.put(key, value);
            rows.add(List.of(key, String.format(Locale.ROOT, "%.4f", value)));
        });
        out.print(new ResultTable(List.of("two processes", ""), rows).toText());
        options.finish(figures, out);
        return Commands.DONE;
    }

    private static Map<String, Double> found(Turns turns) {
        Map<String, Double> found = new LinkedHashMap<>();
        for (String name : List.of(
                DistributedBench.GLOO,
                DistributedBench.ALL_REDUCE,
                DistributedBench.ONE,
                DistributedBench.TWO,
                DistributedBench.APART,
                DistributedBench.KT4,
                DistributedBench.KT4_APART)) {
            found.put(name + ".seconds", turns.median(name));
        }
        found.put("allReduce.vsGloo", turns.ratio(DistributedBench.ALL_REDUCE, DistributedBench.GLOO));
        found.put("twoRanks.efficiency", turns.ratio(DistributedBench.ONE, DistributedBench.TWO) / 2);
        found.put("twoRanks.apart", turns.ratio(DistributedBench.ONE, DistributedBench.APART) / 2);
        found.put("kt4.syncShare", turns.ratio(DistributedBench.KT4, DistributedBench.KT4_APART) - 1);
        return found;
    }

    private DistributedBench bench() {
        List<String> errors = new ArrayList<>();
        TrainShape named = TrainShape.named(shape, "--shape", errors);
        if (megabytes < 1) {
            errors.add("--megabytes = " + megabytes + ": must be at least 1");
        }
        options.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        return new DistributedBench(named, megabytes * 1_000_000L, options.repeats());
    }

    /** The second process. */
    @Command(name = PeerCommand.NAME, hidden = true, description = "Started by bench distributed.")
    static final class PeerCommand implements Callable<Integer> {

        private static final String NAME = "distributed-peer";

        @Option(names = "--shape")
        private TrainShape shape = TrainShape.BASE;

        @Option(names = "--bytes")
        private long bytes;

        @Option(names = "--repeats")
        private int repeats;

        static List<String> line(DistributedBench bench) {
            return List.of(
                    NAME,
                    "--shape",
                    bench.shape().name(),
                    "--bytes",
                    Long.toString(bench.bytes()),
                    "--repeats",
                    Integer.toString(bench.repeats()));
        }

        @Override
        public Integer call() {
            new DistributedBench(shape, bytes, repeats).run(Pair.meetingOfTheOther(), name -> {});
            return Commands.DONE;
        }
    }
}

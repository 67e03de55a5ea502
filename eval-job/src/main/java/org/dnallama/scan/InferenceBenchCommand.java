package org.dnallama.scan;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.sql.SparkSession;
import org.dnallama.bench.BenchOptions;
import org.dnallama.bench.Figures;
import org.dnallama.bench.Machine;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.config.ConfigException;
import org.dnallama.console.ProgressBars;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Speed of classifying, beside LibTorch's, and of the whole scan beside that. */
@Command(
        name = "inference",
        mixinStandardHelpOptions = true,
        description = {
            "Classifies sequences with our engine and with LibTorch (eager operations, no autograd) in turns, on the same"
                    + " weights and tokens, one thread each; all scores are compared first.",
            "Model: dim 256, 4 layers, 8 heads, 4 kvHeads, hidden 704, vocabulary 4096; a token starts at every base."
                    + " Each side takes the batch that it does best with.",
            "Then the whole scan of a generated genome and the model alone on the same batches, in turns.",
            "Time is CPU seconds of this process, so other work on the machine disturbs little; figures are medians."
        },
        footer = {
            "",
            "Keys of the JSON file, for sequences of 70 and 300 bases:",
            "  inference.BASES.vsLibTorch             sequences per CPU second as a multiple of LibTorch's",
            "  inference.BASES.allStatesVsLibTorch    the same if the last block goes over all tokens, as LibTorch's does",
            "  inference.BASES.sequencesPerCpuSecond",
            "  scan.vsInference                       CPU time of the scan as a multiple of bare inference's",
            "  scan.windowsPerCpuSecond               each on both strands",
            "",
            "Examples:",
            "  dna-llama bench inference",
            "  dna-llama bench inference --repeats 9 --json inference.json"
        })
final class InferenceBenchCommand implements Callable<Integer> {

    private static final List<Integer> LENGTHS = List.of(70, 300);

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        List<String> errors = new ArrayList<>();
        options.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        Figures figures = new Figures();
        int ticks = LENGTHS.size() * InferenceBench.ticks(options.repeats()) + ScanBench.ticks(options.repeats());
        try (ProgressBar bar = ProgressBars.named("bench inference", ticks).build()) {
            Consumer<String> progress = what -> {
                bar.setExtraMessage(" " + what);
                bar.step();
            };
            Backend backend = Backends.VECTOR.open();
            inference(new InferenceBench(backend, options.repeats(), progress), figures, out);
            scan(backend, progress, figures, out);
        }
        options.finish(figures, out);
        return Commands.DONE;
    }

    private static void inference(InferenceBench bench, Figures figures, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (int bases : LENGTHS) {
            InferenceBench.Result result = bench.run(bases);
            String prefix = "inference." + bases + ".";
            figures.put(prefix + "vsLibTorch", result.vsLibTorch())
                    .put(prefix + "allStatesVsLibTorch", result.allStatesVsLibTorch())
                    .put(prefix + "sequencesPerCpuSecond", result.ours());
            rows.add(List.of(
                    bases + " bases, " + result.tokens() + " tokens",
                    cell("%,.0f", result.ours()),
                    cell("%,.0f", result.peers()),
                    cell("%.2f", result.vsLibTorch()),
                    cell("%.2f", result.allStatesVsLibTorch()),
                    result.rows().toString()));
        }
        List<String> header = List.of(
                "sequences", "per CPU s", "LibTorch's", "x LibTorch", "with all states", "rows: ours, all, LibTorch's");
        out.print(new ResultTable(header, rows).toText());
    }

    private void scan(Backend backend, Consumer<String> progress, Figures figures, PrintWriter out) throws IOException {
        Path folder = Files.createTempDirectory("bench-inference");
        try (SparkSession spark = Sessions.open("bench inference", 1)) {
            ScanBench.Result result = new ScanBench(spark, backend, folder, options.repeats(), progress).run();
            figures.put("scan.vsInference", result.vsInference())
                    .put("scan.windowsPerCpuSecond", result.windowsPerCpuSecond());
            out.printf(
                    Locale.ROOT,
                    "scan: %,.0f windows on both strands per CPU second, %.3f times the CPU time of bare inference%n",
                    result.windowsPerCpuSecond(),
                    result.vsInference());
        } finally {
            new HadoopStorage(folder.toString()).delete(".");
        }
    }

    private static String cell(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}

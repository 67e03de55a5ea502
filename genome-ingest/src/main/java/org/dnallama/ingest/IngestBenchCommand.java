package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import org.apache.spark.sql.SparkSession;
import org.dnallama.bench.BenchOptions;
import org.dnallama.bench.Figures;
import org.dnallama.bench.Machine;
import org.dnallama.config.ConfigException;
import org.dnallama.console.ProgressBars;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.Commands;
import org.dnallama.spark.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Speed of the whole job beside the least that any such job must do, and of our encoder beside Hugging Face's. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Generates genomes of one contig, compressed by bgzip, and turns them into token shards, in turns with the"
                    + " floor: inflating the same file and writing its bytes compressed by zstd.",
            "Then our encoder of a byte-pair encoding and Hugging Face's in turns, on the same windows, one thread each,"
                    + " after all ids were compared.",
            "Time is CPU seconds of this process, so other work on the machine disturbs little; figures are medians."
        },
        footer = {
            "",
            "Keys of the JSON file:",
            "  ingest.KIND.vsFloor        CPU time as a multiple of the floor's, for the last size",
            "  ingest.vsFloor             the same of the first kind",
            "  ingest.linearity           CPU seconds a base of the last size, as a multiple of the first one's",
            "  ingest.nanosPerBase        of the first kind and the last size",
            "  ingest.heapBytes           the most heap that this process may use",
            "  bpe.vsHuggingFace          bases per CPU second as a multiple of Hugging Face's, the least over windows",
            "  bpe.WINDOW.vsHuggingFace   the same for windows of so many bases",
            "  bpe.WINDOW.basesPerCpuSecond",
            "",
            "Examples:",
            "  dna-llama bench ingest",
            "  dna-llama bench ingest --sizes 4 --fasta chr2.fa.gz --tokenizer tokenizer.json --json ingest.json",
            "  DNALLAMA_MEMORY=1g dna-llama bench ingest --sizes 300 --repeats 1   # memory does not grow with contigs"
        })
final class IngestBenchCommand implements Callable<Integer> {

    @Option(
            names = "--sizes",
            split = ",",
            paramLabel = "MB",
            defaultValue = "20,200",
            description = {
                "Lengths of the genomes in million bases (default: ${DEFAULT-VALUE}).",
                "Each job costs Spark more than a second, which hides the cost of the bases of a short one."
            })
    private List<Integer> sizes = List.of();

    @Option(
            names = "--kinds",
            split = ",",
            paramLabel = "KIND",
            defaultValue = "kmer,character",
            description = "Tokenizers: kmer (k = 6, not overlapping), character (default: ${DEFAULT-VALUE}).")
    private List<String> kinds = List.of();

    @Mixin
    private BpeBenchOptions bpe = new BpeBenchOptions();

    @Mixin
    private BenchOptions options = new BenchOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        check();
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        Path folder = Files.createTempDirectory("bench-ingest");
        List<IngestBench.Result> results = new ArrayList<>();
        try (SparkSession spark = Sessions.open("bench ingest");
                ProgressBar bar = ProgressBars.named(
                                "bench ingest",
                                (long) sizes.size() * IngestBench.ticks(kinds.size(), options.repeats()))
                        .build()) {
            for (int size : sizes) {
                results.addAll(new IngestBench(spark, folder, kinds, options.repeats(), what -> {
                            bar.setExtraMessage(" " + size + " Mb, " + what);
                            bar.step();
                        })
                        .run(size));
            }
        } finally {
            delete(folder);
        }
        Figures figures = new Figures();
        report(results, figures, out);
        bpe.measure(options.repeats(), figures, out);
        options.finish(figures, out);
        return Commands.DONE;
    }

    private void check() {
        List<String> errors = new ArrayList<>();
        if (sizes.isEmpty() || sizes.stream().anyMatch(size -> size < 1 || size > 2000)) {
            errors.add("--sizes = " + sizes + ": each must lie in [1, 2000]");
        }
        for (String kind : kinds) {
            if (!IngestBench.KINDS.contains(kind)) {
                errors.add("--kinds: no kind " + kind + "; there are " + String.join(",", IngestBench.KINDS));
            }
        }
        options.check(errors);
        if (!errors.isEmpty()) {
            throw new ConfigException(errors);
        }
    }

    private void report(List<IngestBench.Result> results, Figures figures, PrintWriter out) {
        List<List<String>> rows = new ArrayList<>();
        for (IngestBench.Result result : results) {
            rows.add(List.of(
                    result.megabases() + " Mb, " + result.kind(),
                    String.format(Locale.ROOT, "%.1f", result.nanosPerBase()),
                    String.format(Locale.ROOT, "%.1f", result.floorNanosPerBase()),
                    String.format(Locale.ROOT, "%.2f", result.vsFloor())));
        }
        out.print(new ResultTable(List.of("genome, tokens", "CPU ns/base", "floor ns/base", "x floor"), rows).toText());
        IngestBench.Result first = results.get(0);
        List<IngestBench.Result> last = results.subList(results.size() - kinds.size(), results.size());
        last.forEach(result -> figures.put("ingest." + result.kind() + ".vsFloor", result.vsFloor()));
        double linearity = last.get(0).nanosPerBase() / first.nanosPerBase();
        figures.put("ingest.vsFloor", last.get(0).vsFloor())
                .put("ingest.nanosPerBase", last.get(0).nanosPerBase())
                .put("ingest.linearity", linearity)
                .put("ingest.heapBytes", (double) Runtime.getRuntime().maxMemory());
        out.printf(
                Locale.ROOT,
                "CPU seconds a base of the last size, as a multiple of the first one's: %.2f%n"
                        + "heap at most %,d MB%n",
                linearity,
                Runtime.getRuntime().maxMemory() >> 20);
    }

    /** Deletes a folder with all that is in it. */
    static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

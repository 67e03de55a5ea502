package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import org.dnallama.bench.Figures;
import org.dnallama.bench.Machine;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.console.ProgressBars;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Interval;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.Commands;
import org.dnallama.token.BpeCorpus;
import org.dnallama.token.BpeTrainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Speed of what {@code ingest} does, beside that of others. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = {
            "Measures our encoder of a byte-pair encoding and Hugging Face's in turns, on the same windows, with one"
                    + " thread each; before that, all ids are compared.",
            "Speed is bases per CPU second, so other work on the machine disturbs little; figures are medians."
        },
        footer = {
            "",
            "Keys of the JSON file:",
            "  bpe.vsHuggingFace              speed as a multiple of Hugging Face's, the least over all windows",
            "  bpe.WINDOW.basesPerCpuSecond   ours, for windows of so many bases",
            "  bpe.WINDOW.vsHuggingFace       as a multiple of Hugging Face's",
            "",
            "Examples:",
            "  dna-llama bench ingest",
            "  dna-llama bench ingest --fasta chr2.fa.gz --tokenizer tokenizer.json --json ingest.json"
        })
final class IngestBenchCommand implements Callable<Integer> {

    private static final int MOST_BASES = 2_000_000;
    private static final int VOCABULARY = 4096;

    @Option(
            names = "--fasta",
            paramLabel = "FILE",
            description = "Sequence: the first two million bases of its first contig (default: generated bases).")
    private @Nullable Path fasta;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A tokenizer.json (default: 4096 tokens are learnt from the sequence).")
    private @Nullable Path tokenizer;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "5",
            description = "Turns that each side gets (default: ${DEFAULT-VALUE}).")
    private int repeats;

    @Option(names = "--json", paramLabel = "FILE", description = "Also writes the figures there, as one flat object.")
    private @Nullable Path json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        if (repeats < 1) {
            throw new ConfigException(List.of("--repeats = " + repeats + ": must be at least 1"));
        }
        Figures figures = new Figures();
        PrintWriter out = command.commandLine().getOut();
        out.println(Machine.describe());
        List<List<String>> rows = new ArrayList<>();
        bpe(figures, rows);
        out.print(new ResultTable(List.of("what", "ours, Mb/CPU s", "peer, Mb/CPU s", "x peer"), rows).toText());
        out.printf(Locale.ROOT, "load average at the end %.2f%n", Machine.load());
        if (json != null) {
            figures.write(json);
        }
        return Commands.DONE;
    }

    private void bpe(Figures figures, List<List<String>> rows) throws IOException {
        String bases = fasta == null ? generated() : read(fasta.toString());
        String file = tokenizer == null ? learnt(bases) : Files.readString(existing(tokenizer));
        BpeBench bench = new BpeBench(file, bases);
        double least = Double.POSITIVE_INFINITY;
        try (ProgressBar bar = ProgressBars.named("bench ingest", 2L * repeats * BpeBench.WINDOWS.size())
                .build()) {
            for (int window : BpeBench.WINDOWS) {
                BpeBench.Result result = bench.run(window, repeats, who -> bar.step());
                rows.add(List.of(
                        "BPE, windows of " + window,
                        String.format(Locale.ROOT, "%.1f", result.ours() / 1e6),
                        String.format(Locale.ROOT, "%.1f", result.theirs() / 1e6),
                        String.format(Locale.ROOT, "%.1f", result.ratio())));
                figures.put("bpe." + window + ".basesPerCpuSecond", result.ours())
                        .put("bpe." + window + ".vsHuggingFace", result.ratio());
                least = Math.min(least, result.ratio());
            }
        }
        figures.put("bpe.vsHuggingFace", least);
    }

    private static String generated() {
        StringBuilder bases = new StringBuilder();
        new Seeds(1).stream("bench ingest").ints(MOST_BASES, 0, 4).forEach(base -> bases.append("ACGT".charAt(base)));
        return bases.toString();
    }

    private static String read(String file) throws IOException {
        FastaSource source = FastaSource.check(file, UnknownBytes.N);
        Contig contig = source.contigs().get(0);
        Interval interval = new Interval(contig.name(), 0, Math.min(MOST_BASES, contig.bases()));
        int longest = BpeBench.WINDOWS.stream().max(Integer::compare).orElseThrow();
        if (contig.bases() < longest) {
            throw new InputException(file + ": contig " + contig.name() + " has " + contig.bases()
                    + " bases; give one of at least " + longest);
        }
        try (FastaReader reader = FastaReader.open(source)) {
            return reader.read(interval, UnknownBytes.N).text(interval);
        }
    }

    private static String learnt(String bases) {
        BpeCorpus corpus = new BpeCorpus();
        corpus.add(bases);
        BpeTrainer trainer = new BpeTrainer(VOCABULARY, VOCABULARY);
        int done = 0;
        int[] merges = trainer.merges();
        while (trainer.next(corpus.merge(merges, done))) {
            done = merges.length;
            merges = trainer.merges();
        }
        return trainer.tokenizer().toJson();
    }

    private static Path existing(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new InputException(file + ": no such file; check --tokenizer");
        }
        return file;
    }
}

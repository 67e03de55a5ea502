package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.bench.Figures;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.console.ProgressBars;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.metric.ResultTable;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.token.BpeCorpus;
import org.dnallama.token.BpeTrainer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the byte-pair encoders are measured on; a picocli mixin. */
final class BpeBenchOptions {

    private static final int MOST_BASES = 2_000_000;
    private static final int VOCABULARY = 4096;

    @Option(
            names = "--fasta",
            paramLabel = "FILE",
            description = "Sequence to encode: the first two million bases of its first contig (default: generated).")
    private @Nullable Path fasta;

    @Option(
            names = "--tokenizer",
            paramLabel = "FILE",
            description = "A tokenizer.json (default: 4096 tokens are learnt from the sequence).")
    private @Nullable Path tokenizer;

    /**
     * Measures.
     *
     * @param repeats turns that each side gets
     * @param figures gets what was measured
     * @param out gets a table
     * @throws IOException if a file cannot be read
     */
    void measure(int repeats, Figures figures, PrintWriter out) throws IOException {
        List<List<String>> rows = new ArrayList<>();
        String bases = fasta == null ? generated() : read(fasta.toString());
        String file = tokenizer == null ? learnt(bases) : Files.readString(existing(tokenizer));
        BpeBench bench = new BpeBench(file, bases);
        double least = Double.POSITIVE_INFINITY;
        try (ProgressBar bar = ProgressBars.named("bench encoding", 2L * repeats * BpeBench.WINDOWS.size())
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
        out.print(new ResultTable(List.of("encoding", "ours, Mb/CPU s", "Hugging Face's", "x"), rows).toText());
    }

    private static String generated() {
        StringBuilder bases = new StringBuilder();
        new Seeds(1).stream("bench ingest").ints(MOST_BASES, 0, 4).forEach(base -> bases.append("ACGT".charAt(base)));
        return bases.toString();
    }

    private static String read(String file) throws IOException {
        GenomeFiles files = new HadoopFiles(new Configuration());
        FastaSource source = FastaSource.open(files, file);
        Contig contig = source.contigs().get(0);
        Interval interval = new Interval(contig.name(), 0, Math.min(MOST_BASES, contig.bases()));
        int longest = BpeBench.WINDOWS.stream().max(Integer::compare).orElseThrow();
        if (contig.bases() < longest) {
            throw new InputException(file + ": contig " + contig.name() + " has " + contig.bases()
                    + " bases; give one of at least " + longest);
        }
        try (FastaReader reader = FastaReader.open(files, source)) {
            return reader.read(contig, interval, UnknownBytes.N).text(interval);
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

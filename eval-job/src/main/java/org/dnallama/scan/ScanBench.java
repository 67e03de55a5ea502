package org.dnallama.scan;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.apache.spark.sql.SparkSession;
import org.dnallama.bench.StepTimer;
import org.dnallama.bench.Turns;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Nucleotides;
import org.dnallama.evaluation.CheckpointScorers;
import org.dnallama.model.Batch;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.train.SequenceEncoder;

/** The whole job, from FASTA to tracks, beside the model alone on the same windows, which are batches already. */
final class ScanBench {

    private static final int WINDOW = 70;
    private static final int STRIDE = 10;
    private static final int BATCH = 16;
    private static final int WINDOWS = 2_000;
    private static final String SCAN = "scan";
    private static final String BARE = "bare inference";

    private final SparkSession spark;
    private final Backend backend;
    private final Path folder;
    private final int repeats;
    private final Consumer<String> progress;

    /**
     * What was found.
     *
     * @param vsInference CPU time of the job as a multiple of the bare inference's
     * @param windowsPerCpuSecond of the job, each on both strands
     */
    record Result(double vsInference, double windowsPerCpuSecond) {}

    ScanBench(SparkSession spark, Backend backend, Path folder, int repeats, Consumer<String> progress) {
        this.spark = spark;
        this.backend = backend;
        this.folder = folder;
        this.repeats = repeats;
        this.progress = progress;
    }

    /** How often the progress is told in all. */
    static int ticks(int repeats) {
        return 2 * (repeats + 1);
    }

    Result run() throws IOException {
        KmerTokenizer tokenizer = new KmerTokenizer(InferenceBench.K, 1);
        LlamaConfig shape = InferenceBench.shape(tokenizer.vocabularySize());
        String genome = genome();
        Files.writeString(folder.resolve("genome.fa"), ">generated\n" + genome + "\n");
        try (Parameters theta = InferenceBench.weights(backend, shape);
                Classifier model = new Classifier(backend, shape, Pooling.LAST)) {
            new ModelFolder(shape, Head.CLASSIFIER, Pooling.LAST, tokenizer)
                    .write(new HadoopStorage(folder.resolve("model").toString()), theta);
            List<Batch> batches = batches(genome, new SequenceEncoder(tokenizer, shape));
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            contestants.put(
                    BARE,
                    () -> StepTimer.cpuSeconds(() -> batches.forEach(batch -> model.probabilities(theta, batch)), 1));
            contestants.put(SCAN, () -> StepTimer.cpuSeconds(this::scan, 1));
            // The first turn of each warms the compiler up; it does not count.
            Turns.take(1, contestants, progress);
            Turns turns = Turns.take(repeats, contestants, progress);
            return new Result(turns.ratio(SCAN, BARE), WINDOWS / turns.median(SCAN));
        }
    }

    private static String genome() {
        RandomGenerator random = new Seeds(1).stream("bench genome");
        StringBuilder bases = new StringBuilder();
        random.ints((WINDOWS - 1) * STRIDE + WINDOW, 0, 4).forEach(i -> bases.append("ACGT".charAt(i)));
        return bases.toString();
    }

    private static List<Batch> batches(String genome, SequenceEncoder encoder) {
        WindowGrid grid = new WindowGrid(WINDOW, STRIDE, BATCH);
        List<Batch> batches = new ArrayList<>();
        for (Interval starts : grid.cut(new Interval("generated", 0, genome.length()), genome.length())) {
            for (List<Interval> batch : grid.batches(starts)) {
                List<String> rows = new ArrayList<>();
                batch.forEach(window -> rows.add(genome.substring((int) window.start(), (int) window.end())));
                List.copyOf(rows).forEach(row -> rows.add(Nucleotides.reverseComplement(row)));
                batches.add(encoder.classifier(rows.stream().map(encoder::row).toList(), new int[rows.size()]));
            }
        }
        return batches;
    }

    private void scan() {
        Settings settings = Settings.load(
                List.of(),
                List.of(
                        "compute.backend=vector",
                        "scan.model=\"" + folder.resolve("model").toUri() + "\"",
                        "scan.fasta=\"" + folder.resolve("genome.fa").toUri() + "\"",
                        "scan.output=\"" + folder.resolve("tracks").toUri() + "\"",
                        "scan.window=" + WINDOW,
                        "scan.stride=" + STRIDE,
                        "scan.batchSize=" + BATCH));
        try {
            new ScanJob(spark, ScanSettings.of(settings), CheckpointScorers::new).run(JobOptions.Existing.REPLACE);
            new HadoopStorage(folder.toString()).delete("tracks");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

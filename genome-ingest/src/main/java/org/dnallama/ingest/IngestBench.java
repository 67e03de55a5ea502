package org.dnallama.ingest;

import com.github.luben.zstd.ZstdOutputStream;
import htsjdk.samtools.util.BlockCompressedInputStream;
import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.apache.spark.sql.SparkSession;
import org.dnallama.bench.Machine;
import org.dnallama.bench.Turns;
import org.dnallama.config.Settings;
import org.dnallama.spark.JobOptions;

/** Measures the job and its floor on one generated genome, in turns. */
final class IngestBench {

    /** What tokens can be. */
    static final List<String> KINDS = List.of("kmer", "character");

    private static final String FLOOR = "floor";
    // As Parquet writes.
    private static final int ZSTD_LEVEL = 3;
    private static final int MEGABASE = 1_000_000;

    private final SparkSession spark;
    private final Path folder;
    private final List<String> kinds;
    private final int repeats;
    private final Consumer<String> afterEach;

    IngestBench(SparkSession spark, Path folder, List<String> kinds, int repeats, Consumer<String> afterEach) {
        this.spark = spark;
        this.folder = folder;
        this.kinds = kinds;
        this.repeats = repeats;
        this.afterEach = afterEach;
    }

    /**
     * What was measured; medians.
     *
     * @param megabases the genome's length
     * @param kind what tokens were
     * @param nanosPerBase CPU time of the job
     * @param floorNanosPerBase CPU time of the floor
     * @param vsFloor the median of their ratios
     */
    record Result(int megabases, String kind, double nanosPerBase, double floorNanosPerBase, double vsFloor) {}

    /** How often the caller is told of progress for each size. */
    static int ticks(int kinds, int repeats) {
        return (kinds + 1) * (repeats + 1);
    }

    List<Result> run(int megabases) throws IOException {
        Path genome = folder.resolve("genome" + megabases + ".fa.gz");
        write(genome, megabases);
        Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
        contestants.put(FLOOR, () -> cpuSeconds(() -> floor(genome)));
        for (String kind : kinds) {
            contestants.put(kind, () -> cpuSeconds(() -> ingest(genome, kind)));
        }
        // The first turn of each warms the compiler up and builds the index; it does not count.
        Turns.take(1, contestants, afterEach);
        Turns turns = Turns.take(repeats, contestants, afterEach);
        Files.delete(genome);
        double nanos = 1e9 / ((double) megabases * MEGABASE);
        List<Result> results = new ArrayList<>();
        for (String kind : kinds) {
            results.add(new Result(
                    megabases,
                    kind,
                    turns.median(kind) * nanos,
                    turns.median(FLOOR) * nanos,
                    turns.ratio(kind, FLOOR)));
        }
        return results;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static double cpuSeconds(Work work) {
        double before = Machine.cpuSeconds();
        try {
            work.run();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Machine.cpuSeconds() - before;
    }

    private void floor(Path genome) throws IOException {
        Path copy = folder.resolve("copy.zst");
        byte[] chunk = new byte[1 << 16];
        try (InputStream in = new BlockCompressedInputStream(genome);
                OutputStream out = new ZstdOutputStream(
                        new BufferedOutputStream(Files.newOutputStream(copy), chunk.length), ZSTD_LEVEL)) {
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                out.write(chunk, 0, n);
            }
        }
        Files.delete(copy);
    }

    private void ingest(Path genome, String kind) throws IOException {
        Path shards = folder.resolve("shards");
        Settings settings = Settings.load(
                List.of(),
                List.of(
                        "ingest.fasta=\"" + genome.toUri() + "\"",
                        "ingest.output=\"" + shards.toUri() + "\"",
                        "ingest.tokenizer.kind=" + kind));
        new IngestJob(spark, IngestSettings.of(settings), new PrintWriter(System.err, true, StandardCharsets.UTF_8))
                .run(JobOptions.Existing.REPLACE);
        IngestBenchCommand.delete(shards);
    }

    /** One contig in lines of 60, a twentieth soft-masked, a hundredth N, as runs of 1000. */
    private static void write(Path genome, int megabases) throws IOException {
        SplittableRandom random = new SplittableRandom(megabases);
        byte[] run = new byte[1000];
        byte[] line = new byte[61];
        line[60] = '\n';
        int column = 0;
        try (OutputStream out = new BlockCompressedOutputStream(genome.toFile())) {
            out.write(">generated\n".getBytes(StandardCharsets.US_ASCII));
            for (int i = 0; i < megabases * (MEGABASE / run.length); i++) {
                fill(run, random);
                for (byte base : run) {
                    line[column++] = base;
                    if (column == 60) {
                        out.write(line);
                        column = 0;
                    }
                }
            }
            out.write(line, 0, column);
            out.write('\n');
        }
    }

    private static void fill(byte[] run, SplittableRandom random) {
        int kind = random.nextInt(100);
        String letters = kind == 0 ? "NNNN" : kind < 6 ? "acgt" : "ACGT";
        long bits = 0;
        for (int i = 0; i < run.length; i++) {
            bits = i % 32 == 0 ? random.nextLong() : bits >>> 2;
            run[i] = (byte) letters.charAt((int) (bits & 3));
        }
    }
}

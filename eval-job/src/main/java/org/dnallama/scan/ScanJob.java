package org.dnallama.scan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.compute.Backends;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.dna.Bed;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.GenomeFiles;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Regions;
import org.dnallama.evaluation.Ensemble;
import org.dnallama.evaluation.Scorer;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Provenance;
import org.dnallama.spark.TaskProgress;

/** The whole job, from a classifier and FASTA files to a finished folder of tracks. */
final class ScanJob {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SparkSession spark;
    private final Configuration hadoop;
    private final ScanSettings settings;
    private final Scorer.Factory scorers;

    /**
     * Makes a job.
     *
     * @param spark the session
     * @param settings what to do
     * @param single opens one checkpoint on a backend
     */
    ScanJob(SparkSession spark, ScanSettings settings, Function<Backends, Scorer.Factory> single) {
        this.spark = spark;
        this.hadoop = spark.sparkContext().hadoopConfiguration();
        this.settings = settings;
        this.scorers = new Ensemble(single.apply(settings.backend()), settings.ensemble(), Ensemble.Strands.GIVEN);
    }

    /**
     * What was done.
     *
     * @param window bases
     * @param windows scored ones, skipped ones and calls
     * @param ranges of the wanted parts
     * @param scoredBases bases of the ranges that this run scored, without those that an earlier one left
     * @param seconds from the first range to the tracks' end
     */
    record Done(int window, Tracks.Written windows, int ranges, long scoredBases, double seconds) {}

    /**
     * Does it.
     *
     * @param existing what to do with an output that was made otherwise
     * @return what was made; empty if it is there already, made from the same inputs and settings
     * @throws InputException if an input is bad, or the output cannot be written or is taken
     * @throws IOException if a file system fails
     */
    Optional<Done> run(JobOptions.Existing existing) throws IOException {
        GenomeFiles files = new HadoopFiles(hadoop);
        List<String> fasta = files.findAll(settings.fasta(), "scan.fasta");
        ObjectNode manifest = manifest(fasta);
        WindowGrid grid = new WindowGrid(window(), settings.stride(), settings.batchSize());
        tryOut(grid.window());
        List<FastaSource> sources =
                fasta.stream().map(path -> FastaSource.open(files, path)).toList();
        FastaSource.requireDistinctContigs(sources);
        List<ScanRange> ranges = ScanRange.plan(sources, regions(files, sources), grid, settings.rangeBases());
        if (ranges.isEmpty()) {
            throw new InputException(String.join(", ", fasta) + ": nothing that is wanted is as long as a window of "
                    + grid.window() + " bases; lower scan.window or want more");
        }
        Optional<Artefact> artefact = Artefact.open(settings.output(), manifest.toString(), existing, hadoop);
        if (artefact.isEmpty()) {
            return Optional.empty();
        }
        ScanRange.Shared shared = new ScanRange.Shared(
                files, sources, grid, scorers, settings.model(), new SerializableConfiguration(hadoop));
        Done done = score(artefact.get(), ranges, shared);
        manifest.put("window", done.window)
                .put("windows", done.windows.windows())
                .put("skippedWindows", done.windows.skipped())
                .put("calls", done.windows.calls());
        artefact.get().publish(manifest);
        return Optional.of(done);
    }

    private ObjectNode manifest(List<String> fasta) throws IOException {
        Provenance provenance = new Provenance("scan", hadoop);
        provenance.input(settings.model(), "run finetune first, or correct scan.model");
        for (String other : settings.ensemble()) {
            provenance.input(other, "run finetune first, or correct scan.ensemble");
        }
        for (String file : fasta) {
            provenance.input(file, "correct scan.fasta");
        }
        if (settings.regions().isPresent()) {
            provenance.input(settings.regions().get(), "correct scan.regions");
        }
        return provenance.manifest(settings.effective());
    }

    private int window() throws IOException {
        if (settings.window() > 0) {
            return settings.window();
        }
        HadoopStorage model = new HadoopStorage(settings.model(), hadoop);
        int known = 0;
        if (model.exists("manifest.json")) {
            try (InputStream in = model.open("manifest.json")) {
                known = JSON.readTree(in).path("sequenceBases").asInt();
            }
        }
        if (known < 1) {
            throw new ConfigException(List.of("scan.window = null: " + settings.model()
                    + " does not tell on how many bases it was fine-tuned; set scan.window to that number"));
        }
        return known;
    }

    /** Scores one made-up window here, so that a model that cannot is found before any work begins. */
    private void tryOut(int window) throws IOException {
        String bases = "ACGT".repeat(window / 4 + 1).substring(0, window);
        LabelledSequence row = new LabelledSequence("scan.window = " + window, bases, 0);
        try (Scorer scorer = scorers.open(settings.model(), hadoop)) {
            if (scorer.isTooLong(row)) {
                throw new InputException(row.id() + ": is more than the context of " + settings.model()
                        + " holds; lower it, or train a model with a longer context");
            }
            scorer.scores(List.of(row));
        }
    }

    private Regions regions(GenomeFiles files, List<FastaSource> sources) throws IOException {
        if (settings.regions().isEmpty()) {
            return Regions.ALL;
        }
        String bed = settings.regions().get();
        List<Contig> contigs =
                sources.stream().flatMap(source -> source.contigs().stream()).toList();
        Map<String, List<Interval>> only =
                Bed.read(bed, new String(files.readAll(bed), StandardCharsets.UTF_8), contigs);
        return new Regions(List.of(), List.of(), Optional.of(only), Map.of());
    }

    private Done score(Artefact artefact, List<ScanRange> ranges, ScanRange.Shared shared) throws IOException {
        long begun = System.nanoTime();
        Parts parts = new Parts(new Path(artefact.folder(), "_parts").toString(), shared.hadoop());
        int[] windows = ranges.stream()
                .mapToInt(range -> shared.grid().count(range.starts()))
                .toArray();
        Set<Integer> finished = parts.finished(windows);
        List<ScanRange> open = ranges.stream()
                .filter(range -> !finished.contains(range.index()))
                .toList();
        try {
            scoreOpen(open, shared, parts);
            Tracks.Written written = tracks(artefact, ranges, shared.grid(), parts);
            parts.delete();
            return new Done(
                    shared.grid().window(),
                    written,
                    ranges.size(),
                    open.stream()
                            .mapToLong(range -> range.starts().lengthBases())
                            .sum(),
                    (System.nanoTime() - begun) / 1e9);
        } catch (Exception e) {
            discardIfBare(artefact, parts, windows, e);
            throw e;
        }
    }

    private void scoreOpen(List<ScanRange> open, ScanRange.Shared shared, Parts parts) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<ScanRange.Shared> everywhere = context.broadcast(shared);
        try (TaskProgress progress = TaskProgress.show(spark, "scan", Math.max(1, open.size()))) {
            context.parallelize(open, Math.max(1, open.size()))
                    .foreach(range -> parts.write(
                            range.index(),
                            range.scan(everywhere.value()),
                            TaskContext.get().taskAttemptId()));
            progress.complete();
        }
    }

    private Tracks.Written tracks(Artefact artefact, List<ScanRange> ranges, WindowGrid grid, Parts parts)
            throws IOException {
        try (Tracks tracks = new Tracks(artefact, grid, settings.threshold(), settings.suppress())) {
            for (ScanRange range : ranges) {
                tracks.add(range.starts(), parts.read(range.index(), grid.count(range.starts())));
            }
            Tracks.Written written = tracks.finish();
            if (written.windows() == 0) {
                parts.delete();
                throw new InputException(settings.fasta() + ": each of the " + written.skipped()
                        + " windows holds something other than A, C, G and T; want other regions");
            }
            return written;
        }
    }

    // A bad input is mostly found before a range is scored; then there is nothing to go on with.
    private static void discardIfBare(Artefact artefact, Parts parts, int[] windows, Exception reason) {
        try {
            if (parts.finished(windows).isEmpty()) {
                artefact.discard();
            }
        } catch (IOException | UncheckedIOException e) {
            reason.addSuppressed(e);
        }
    }
}

package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.InputFile;
import org.dnallama.shard.ChunkRule;
import org.dnallama.shard.ShardManifest;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.JobOptions;
import org.dnallama.token.Tokenizer;

/** The whole job, from FASTA files to a finished shards folder. */
final class IngestJob {

    private final SparkSession spark;
    private final IngestSettings settings;
    private final PrintWriter warnings;

    /**
     * Makes a job.
     *
     * @param spark the session
     * @param settings what to do
     * @param warnings where to warn the user
     */
    IngestJob(SparkSession spark, IngestSettings settings, PrintWriter warnings) {
        this.spark = spark;
        this.settings = settings;
        this.warnings = warnings;
    }

    /**
     * Does it.
     *
     * @param existing what to do with an output that was made otherwise
     * @return what was made; empty if it is there already, made from the same inputs and settings
     * @throws InputException if an input is bad, or the output cannot be written or is taken
     */
    Optional<ShardManifest> run(JobOptions.Existing existing) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Inputs inputs = new Inputs(context, settings, warnings);
        Inputs.Found found = inputs.read();
        Optional<Artefact> artefact =
                Artefact.open(settings.output(), identity(found), existing, context.hadoopConfiguration());
        try {
            return artefact.isEmpty() ? Optional.empty() : Optional.of(writeOrDiscard(artefact.get(), inputs, found));
        } catch (IOException e) {
            throw new InputException(
                    settings.output() + ": cannot be written: " + e.getMessage()
                            + "; see that there is space and permission, and run again: finished files are kept",
                    e);
        }
    }

    private ShardManifest writeOrDiscard(Artefact artefact, Inputs inputs, Inputs.Found found) throws IOException {
        try {
            return write(artefact, inputs, found);
        } catch (Exception e) {
            discardIfBare(artefact, e);
            throw e;
        }
    }

    // A bad input is found before a file is finished; then there is nothing to go on with.
    private static void discardIfBare(Artefact artefact, Exception reason) {
        try {
            if (FinishedShards.read(artefact.fileSystem(), artefact.folder()).isEmpty()) {
                artefact.discard();
            }
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
    }

    private ShardManifest write(Artefact artefact, Inputs inputs, Inputs.Found found) throws IOException {
        Path scratch = new Path(artefact.folder(), "_copies");
        List<FastaSource> sources = inputs.open(found.fasta(), scratch);
        List<Contig> contigs =
                sources.stream().flatMap(source -> source.contigs().stream()).toList();
        RangeTask.Plan plan = RangeTask.plan(sources, inputs.regions(contigs), settings.rangeBases());
        TokenizerMaker.Made made = new TokenizerMaker(spark, settings, inputs.files()).make(sources, plan.tasks());
        Tokenizer tokenizer = made.tokenizer();
        ChunkRule rule = new ChunkRule(
                settings.windows(),
                settings.unknown(),
                settings.ambiguity(),
                settings.strands(),
                settings.splits().rule(sources));
        double rowBases = settings.copies() * plan.bases();
        Buckets buckets = new Buckets(ShardCount.of(settings, rowBases, tokenizer), rowBases);
        ShardWriter.Written written = new ShardWriter(spark, artefact, buckets, settings.packedLength())
                .write(plan.tasks(), new RangeTask.Shared(inputs.files(), sources, rule, tokenizer, settings.seed()));
        if (written.shards().isEmpty()) {
            throw new InputException(String.join(", ", settings.fasta()) + ": no wanted piece without N has "
                    + settings.windows().minLength() + " bases; lower ingest.minLength or want more");
        }
        artefact.fileSystem().delete(scratch, true);
        artefact.write("tokenizer.json", tokenizer.toJson());
        if (made.extension().isPresent()) {
            artefact.write("vocabulary_extension.json", made.extension().get());
        }
        String tokenizerSha = Artefact.sha256(
                new Path(artefact.folder(), "tokenizer.json").toString(),
                spark.sparkContext().hadoopConfiguration());
        ShardManifest manifest = new ShardManifest(
                manifestInputs(found),
                settings.effective(),
                settings.seed(),
                new ShardManifest.TokenizerMark(tokenizerSha, tokenizer.vocabularySize()),
                contigs,
                written.bases().plus(plan.unwanted()),
                written.shards());
        artefact.publish(manifest.toJson());
        return manifest;
    }

    private static List<ShardManifest.Input> manifestInputs(Inputs.Found found) {
        List<ShardManifest.Input> inputs = new ArrayList<>();
        for (InputFile file : found.all()) {
            inputs.add(new ShardManifest.Input(file.path(), file.sha256(), file.bytes()));
        }
        return inputs;
    }

    private String identity(Inputs.Found found) {
        Stream<String> tokenizers = settings.tokenizer().files().stream()
                .map(file -> Artefact.sha256(file, spark.sparkContext().hadoopConfiguration()));
        return "ingest\n"
                + Stream.concat(found.all().stream().map(InputFile::sha256), tokenizers)
                        .collect(Collectors.joining("\n"))
                + "\n" + settings.effective();
    }
}

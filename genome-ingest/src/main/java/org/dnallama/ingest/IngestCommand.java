package org.dnallama.ingest;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.InputFile;
import org.dnallama.shard.ChunkRule;
import org.dnallama.shard.ShardManifest;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import org.dnallama.token.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** FASTA to token shards. */
@Command(
        name = "ingest",
        mixinStandardHelpOptions = true,
        description = "Turns FASTA files into token shards (Parquet) with a manifest.",
        footer = {
            "",
            "Examples:",
            "  dna-llama ingest --set ingest.fasta=chr2.fa.gz --set ingest.output=shards",
            "  dna-llama ingest --set ingest.fasta=s3a://b/genomes/*.fa.gz --set ingest.output=s3a://b/shards",
            "  dna-llama ingest --conf genome.conf --set ingest.tokenizer.kind=kmer --overwrite",
            "  dna-llama ingest --conf genome.conf --verify"
        })
final class IngestCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Option(names = "--verify", description = "Write nothing: read ingest.output again and check every checksum.")
    private boolean verify;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = command.commandLine().getOut();
        Settings settings = options.settings();
        if (verify) {
            String output = settings.text("ingest.output");
            settings.check();
            try (SparkSession spark = Sessions.open("ingest --verify")) {
                out.println(new Verification(context(spark), output).run());
            }
        } else {
            ingest(IngestSettings.of(settings), out);
        }
        out.flush();
        return Commands.DONE;
    }

    private static JavaSparkContext context(SparkSession spark) {
        return JavaSparkContext.fromSparkContext(spark.sparkContext());
    }

    private void ingest(IngestSettings settings, PrintWriter out) throws IOException {
        long started = System.nanoTime();
        try (SparkSession spark = Sessions.open("ingest")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            Inputs inputs =
                    new Inputs(context(spark), settings, command.commandLine().getErr());
            Inputs.Found found = inputs.read();
            Optional<Artefact> artefact =
                    Artefact.open(settings.output(), identity(settings, found), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                out.println(settings.output()
                        + ": is complete already, made from the same inputs and settings; nothing to do");
                return;
            }
            ShardManifest manifest = write(spark, artefact.get(), settings, inputs, found);
            double seconds = (System.nanoTime() - started) / 1e9;
            out.print(Summary.of(manifest, settings.output(), seconds));
        }
    }

    private static ShardManifest write(
            SparkSession spark, Artefact artefact, IngestSettings settings, Inputs inputs, Inputs.Found found)
            throws IOException {
        Path scratch = new Path(artefact.folder(), "_copies");
        List<FastaSource> sources = inputs.open(found.fasta(), scratch);
        List<Contig> contigs =
                sources.stream().flatMap(source -> source.contigs().stream()).toList();
        RangeTask.Plan plan = RangeTask.plan(sources, inputs.regions(contigs), settings.rangeBases());
        Tokenizer tokenizer = settings.tokenizer().build();
        ChunkRule rule = new ChunkRule(
                settings.windows(),
                settings.unknown(),
                settings.ambiguity(),
                settings.strands(),
                settings.splits().rule(sources));
        int shards = ShardCount.of(settings, plan.bases(), tokenizer);
        ShardWriter.Written written = new ShardWriter(spark, artefact, shards, settings.packedLength())
                .write(
                        plan.tasks(),
                        new RangeTask.Shared(inputs.files(), sources, rule, settings.tokenizer(), settings.seed()));
        if (written.shards().isEmpty()) {
            throw new InputException(String.join(", ", settings.fasta()) + ": no wanted piece without N has "
                    + settings.windows().minLength() + " bases; lower ingest.minLength or want more");
        }
        artefact.fileSystem().delete(scratch, true);
        artefact.write("tokenizer.json", tokenizer.toJson());
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

    private static String identity(IngestSettings settings, Inputs.Found found) {
        return "ingest\n"
                + found.all().stream().map(InputFile::sha256).collect(Collectors.joining("\n"))
                + "\n" + settings.effective();
    }
}

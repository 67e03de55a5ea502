package org.dnallama.ingest;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaSource;
import org.dnallama.shard.ShardManifest;
import org.dnallama.shard.SplitRule;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import org.dnallama.token.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  dna-llama ingest --conf genome.conf --set ingest.tokenizer.kind=kmer --overwrite"
        })
final class IngestCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        long started = System.nanoTime();
        IngestSettings settings = IngestSettings.of(options.settings());
        List<FastaSource> sources = FastaSource.checkAll(settings.fasta(), settings.unknown());
        List<Contig> contigs =
                sources.stream().flatMap(source -> source.contigs().stream()).toList();
        checkHeldOut(settings.splits(), contigs);
        try (SparkSession spark = Sessions.open("ingest")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            List<ShardManifest.Input> inputs = inputs(settings.fasta(), hadoop);
            Optional<Artefact> artefact =
                    Artefact.open(settings.output(), identity(settings, inputs, hadoop), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                command.commandLine()
                        .getOut()
                        .println(settings.output()
                                + ": is complete already, made from the same inputs and settings; nothing to do");
                return Commands.DONE;
            }
            ShardManifest manifest = write(spark, artefact.get(), settings, sources, inputs);
            double seconds = (System.nanoTime() - started) / 1e9;
            command.commandLine().getOut().print(Summary.of(manifest, settings.output(), seconds));
            command.commandLine().getOut().flush();
        }
        return Commands.DONE;
    }

    private static ShardManifest write(
            SparkSession spark,
            Artefact artefact,
            IngestSettings settings,
            List<FastaSource> sources,
            List<ShardManifest.Input> inputs)
            throws IOException {
        TokenizerMaker.Made made = new TokenizerMaker(spark, settings).make(sources);
        Tokenizer tokenizer = made.tokenizer();
        RangeTask.Shared shared = new RangeTask.Shared(
                sources, settings.windows(), settings.splits(), tokenizer, settings.unknown(), settings.seed());
        ShardWriter.Written written = new ShardWriter(spark, artefact, settings.shards())
                .write(RangeTask.plan(sources, settings.rangeBases()), shared);
        if (written.splits().isEmpty()) {
            throw new InputException(String.join(", ", settings.fasta()) + ": no piece without N has "
                    + settings.windows().minLength() + " bases; lower ingest.minLength");
        }
        artefact.write("tokenizer.json", tokenizer.toJson());
        if (made.extension().isPresent()) {
            artefact.write("vocabulary_extension.json", made.extension().get());
        }
        String tokenizerSha = Artefact.sha256(
                new org.apache.hadoop.fs.Path(artefact.folder(), "tokenizer.json").toString(),
                spark.sparkContext().hadoopConfiguration());
        ShardManifest manifest = new ShardManifest(
                inputs,
                settings.effective(),
                settings.seed(),
                new ShardManifest.TokenizerMark(tokenizerSha, tokenizer.vocabularySize()),
                sources.stream().flatMap(source -> source.contigs().stream()).toList(),
                written.bases(),
                written.splits());
        artefact.publish(manifest.toJson());
        return manifest;
    }

    private static void checkHeldOut(SplitRule splits, List<Contig> contigs) {
        if (splits instanceof SplitRule.ByContig byContig) {
            List<String> names = contigs.stream().map(Contig::name).toList();
            for (String name : byContig.validContigs()) {
                if (!names.contains(name)) {
                    throw new InputException("ingest.split.validContigs: no contig " + name + " in the input; it has "
                            + String.join(", ", names));
                }
            }
        }
    }

    private static List<ShardManifest.Input> inputs(List<String> paths, Configuration hadoop) throws IOException {
        List<ShardManifest.Input> inputs = new ArrayList<>();
        for (String path : paths) {
            Path file = Path.of(path);
            // As a URI, since a bare path would be looked up on the cluster's default file system.
            inputs.add(
                    new ShardManifest.Input(path, Artefact.sha256(file.toUri().toString(), hadoop), Files.size(file)));
        }
        return inputs;
    }

    private static String identity(IngestSettings settings, List<ShardManifest.Input> inputs, Configuration hadoop) {
        Stream<String> tokenizers = settings.tokenizer().files().stream().map(file -> Artefact.sha256(file, hadoop));
        return "ingest\n"
                + Stream.concat(inputs.stream().map(ShardManifest.Input::sha256), tokenizers)
                        .collect(Collectors.joining("\n"))
                + "\n" + settings.effective();
    }
}

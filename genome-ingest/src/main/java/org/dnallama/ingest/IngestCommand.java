package org.dnallama.ingest;

import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.Settings;
import org.dnallama.shard.ShardManifest;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
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
    public Integer call() {
        PrintWriter out = command.commandLine().getOut();
        Settings settings = options.settings();
        if (verify) {
            String output = settings.text("ingest.output");
            settings.check();
            try (SparkSession spark = Sessions.open("ingest --verify")) {
                out.println(new Verification(JavaSparkContext.fromSparkContext(spark.sparkContext()), output).run());
            }
        } else {
            IngestSettings ingest = IngestSettings.of(settings);
            long started = System.nanoTime();
            try (SparkSession spark = Sessions.open("ingest")) {
                PrintWriter err = command.commandLine().getErr();
                Optional<ShardManifest> manifest = new IngestJob(spark, ingest, err).run(options.existing());
                double seconds = (System.nanoTime() - started) / 1e9;
                out.print(manifest.map(made -> Summary.of(made, ingest.output(), seconds))
                        .orElse(ingest.output()
                                + ": is complete already, made from the same inputs and settings; nothing to do\n"));
            }
        }
        out.flush();
        return Commands.DONE;
    }
}

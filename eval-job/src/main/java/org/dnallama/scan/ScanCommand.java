package org.dnallama.scan;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.spark.sql.SparkSession;
import org.dnallama.compute.Backends;
import org.dnallama.evaluation.CheckpointScorers;
import org.dnallama.evaluation.Scorer;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A classifier over a genome. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = {
            "Scores windows of a genome on both strands with a fine-tuned checkpoint, and calls promoters.",
            "Writes tracks for IGV and the UCSC browser: scores (bedGraph) and calls (BED), each with a tabix index."
        },
        footer = {
            "",
            "Examples:",
            "  dna-llama scan --set scan.model=runs/finetuned --set scan.fasta=chr2.fa.gz --set scan.output=scan-chr2",
            "  dna-llama scan --conf my.conf --set scan.regions=genes.bed --set scan.stride=5 --set scan.threshold=0.9",
            "  dna-llama scan --conf my.conf --set scan.fasta=s3a://b/hg38.fa.gz --set scan.output=s3a://b/scan \\",
            "                 -- --master yarn --num-executors 50",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
public final class ScanCommand implements Callable<Integer> {

    private final Function<Backends, Scorer.Factory> scorers;

    @Mixin
    private JobOptions options = new JobOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    /** The command, with scorers from checkpoints. */
    public ScanCommand() {
        this(CheckpointScorers::new);
    }

    ScanCommand(Function<Backends, Scorer.Factory> scorers) {
        this.scorers = scorers;
    }

    @Override
    public Integer call() throws IOException {
        ScanSettings settings = ScanSettings.of(options.settings());
        PrintWriter out = command.commandLine().getOut();
        try (SparkSession spark = Sessions.open("scan")) {
            Optional<ScanJob.Done> done = new ScanJob(spark, settings, scorers).run(options.existing());
            out.print(done.map(made -> summary(settings.output(), made))
                    .orElse(settings.output()
                            + ": is complete already, made from the same inputs and settings; nothing to do\n"));
        }
        out.flush();
        return Commands.DONE;
    }

    private static String summary(String output, ScanJob.Done done) {
        long windows = done.windows().windows();
        return output + "\n"
                + line("bases in a window", done.window())
                + line("windows, each on both strands", windows)
                + line("  skipped: N or another code", done.windows().skipped())
                + line("calls", done.windows().calls())
                + String.format(Locale.ROOT, "%-30s %,15.1f%n", "seconds", done.seconds())
                + line("bases per second", Math.round(done.scoredBases() / done.seconds()));
    }

    private static String line(String name, long value) {
        return String.format(Locale.ROOT, "%-30s %,15d%n", name, value);
    }
}

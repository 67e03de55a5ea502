package org.dnallama.audit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Labelled data sets to the overlaps between their parts. */
@Command(
        name = "audit",
        mixinStandardHelpOptions = true,
        description = {
            "Finds what train, dev and test share, and what they share with a genome: equal rows on both strands, rows"
                    + " within longer ones, and twins, which are equal in an aligned block. Writes counts (audit.txt,"
                    + " audit.json), all pairs (Parquet) and, if wanted, a copy of the data without leaking rows."
        },
        footer = {
            "",
            "Examples:",
            "  dna-llama audit --set audit.data=GUE/prom/prom_core_all --set audit.output=audit",
            "  dna-llama audit --set audit.data=labelled --set 'audit.genome=[chr2.fa.gz, shards]' \\",
            "                  --set audit.output=audit",
            "  dna-llama audit --set audit.data=GUE/prom/prom_core_all --set audit.output=audit \\",
            "                  --set audit.clean.write=true --set 'audit.clean.against=[dev, test]'",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
public final class AuditCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private JobOptions options = new JobOptions();

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it.
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        long started = System.nanoTime();
        AuditSettings settings = AuditSettings.of(options.settings());
        PrintWriter out = command.commandLine().getOut();
        try (SparkSession spark = Sessions.open("audit")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            AuditRows rows = AuditRows.find(spark, settings.data());
            GenomeTexts genome = GenomeTexts.open(settings.genome(), hadoop);
            List<String> inputs = new ArrayList<>(rows.checksums());
            genome.paths().forEach(path -> inputs.add(Artefact.sha256(path, hadoop) + " " + path));
            String identity = "audit\n" + settings.effective() + "\n" + String.join("\n", inputs);
            Optional<Artefact> artefact = Artefact.open(settings.output(), identity, options.existing(), hadoop);
            if (artefact.isEmpty()) {
                out.println(settings.output()
                        + ": is complete already, made from the same inputs and settings; nothing to do");
                out.flush();
                return Commands.DONE;
            }
            AuditResult result = new Audit(spark, settings, artefact.get()).run(rows, genome);
            artefact.get().write("audit.txt", result.toTable());
            artefact.get().write("audit.json", result.toJson().toPrettyString() + "\n");
            artefact.get().publish(manifest(settings, inputs));
            out.print(settings.output() + "\n" + result.toTable());
            out.printf(Locale.ROOT, "%.1f seconds%n", (System.nanoTime() - started) / 1e9);
            out.flush();
        }
        return Commands.DONE;
    }

    private static ObjectNode manifest(AuditSettings settings, List<String> inputs) throws IOException {
        ObjectNode manifest = JSON.createObjectNode().put("job", "audit");
        for (String input : inputs) {
            int space = input.indexOf(' ');
            manifest.withArray("inputs")
                    .addObject()
                    .put("path", input.substring(space + 1))
                    .put("sha256", input.substring(0, space));
        }
        manifest.set("config", JSON.readTree(settings.effective()));
        return manifest;
    }
}

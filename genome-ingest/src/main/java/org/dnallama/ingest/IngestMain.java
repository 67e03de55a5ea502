package org.dnallama.ingest;

import org.apache.spark.SparkUserAppException;
import org.dnallama.audit.AuditCommand;
import org.dnallama.labelled.ImportGueCommand;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;

/** Entry point of the jobs that read sequence files. */
@Command(
        name = "dna-llama",
        mixinStandardHelpOptions = true,
        description = "Turns sequence files into token shards, and audits them.",
        subcommands = {IngestCommand.class, ImportGueCommand.class, AuditCommand.class})
public final class IngestMain {

    private IngestMain() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args the command and its options
     * @throws SparkUserAppException inside YARN, where it carries an exit code
     */
    public static void main(String[] args) throws SparkUserAppException {
        Commands.exit(run(args));
    }

    /**
     * Runs a command.
     *
     * @param args the command and its options
     * @return the exit code
     */
    static int run(String... args) {
        return Commands.run(new IngestMain(), args);
    }
}

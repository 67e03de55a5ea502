package org.dnallama.evaluation;

import org.apache.spark.SparkUserAppException;
import org.dnallama.scan.ScanCommand;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;

/** The command line of the evaluation jobs. */
@Command(
        name = "dna-llama",
        description = "Evaluates promoter classifiers, compares them and scans genomes with them.",
        mixinStandardHelpOptions = true,
        subcommands = {EvaluateCommand.class, CompareCommand.class, ScanCommand.class})
public final class EvaluationMain {

    private EvaluationMain() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args command and options
     * @throws SparkUserAppException inside YARN, where it carries an exit code
     */
    public static void main(String[] args) throws SparkUserAppException {
        // The curves are drawn into a file; no screen is needed.
        System.setProperty("java.awt.headless", "true");
        Commands.exit(run(args));
    }

    static int run(String... args) {
        return Commands.run(new EvaluationMain(), args);
    }
}

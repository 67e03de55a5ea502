package org.dnallama.training;

import org.apache.spark.SparkUserAppException;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;

/** The command line of the training jobs. */
@Command(
        name = "dna-llama",
        description = "Trains DNA language models and promoter classifiers.",
        mixinStandardHelpOptions = true,
        subcommands = {PretrainCommand.class, FinetuneCommand.class, ExportCommand.class})
public final class TrainingMain {

    private TrainingMain() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args command and options
     * @throws SparkUserAppException inside YARN, where it carries an exit code
     */
    public static void main(String[] args) throws SparkUserAppException {
        Commands.exit(run(args));
    }

    static int run(String... args) {
        return Commands.run(new TrainingMain(), args);
    }
}

package org.dnallama.training;

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
     */
    public static void main(String[] args) {
        Commands.exit(run(args));
    }

    static int run(String... args) {
        return Commands.run(new TrainingMain(), args);
    }
}

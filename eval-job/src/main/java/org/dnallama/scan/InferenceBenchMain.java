package org.dnallama.scan;

import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;

/** Entry point of the benchmarks of this module. */
@Command(
        name = "dna-llama bench",
        mixinStandardHelpOptions = true,
        description = "Measures speed and memory.",
        subcommands = InferenceBenchCommand.class)
public final class InferenceBenchMain {

    private InferenceBenchMain() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(Commands.run(new InferenceBenchMain(), args));
    }
}

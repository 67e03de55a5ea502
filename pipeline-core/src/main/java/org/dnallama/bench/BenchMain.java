package org.dnallama.bench;

import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;

/** Entry point of the benchmarks of the core. */
@Command(
        name = "dna-llama bench",
        mixinStandardHelpOptions = true,
        description = "Measures speed and memory.",
        subcommands = {
            TrainBenchCommand.class,
            OptimBenchCommand.class,
            DistributedBenchCommand.class,
            DistributedBenchCommand.PeerCommand.class
        })
public final class BenchMain {

    private BenchMain() {}

    /**
     * Runs a command and ends the process with its exit code.
     *
     * @param args the command and its options
     */
    public static void main(String[] args) {
        System.exit(run(args));
    }

    /**
     * Runs a command.
     *
     * @param args the command and its options
     * @return the exit code
     */
    static int run(String... args) {
        return Commands.run(new BenchMain(), args);
    }
}

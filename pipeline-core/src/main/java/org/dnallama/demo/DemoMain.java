package org.dnallama.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.dnallama.config.Seeds;
import org.dnallama.spark.Commands;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Makes the demo's data; {@code deploy/dna-llama demo} calls it before the jobs. */
@Command(
        name = "dna-llama demo-data",
        mixinStandardHelpOptions = true,
        description = "Makes a small synthetic genome and a promoter data set; the same seed gives the same files.")
public final class DemoMain implements Callable<Integer> {

    @Option(names = "--output", paramLabel = "DIR", required = true, description = "Folder of the data.")
    private Path output = Path.of("demo-output/data");

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "42",
            description = "What the data depend on (default: ${DEFAULT-VALUE}).")
    private long seed;

    /**
     * Runs the command.
     *
     * @param args its arguments
     */
    public static void main(String[] args) {
        System.exit(Commands.run(new DemoMain(), args));
    }

    /**
     * Makes the data.
     *
     * @return the exit code
     * @throws IOException if a file cannot be written
     */
    @Override
    public Integer call() throws IOException {
        DemoData.write(output, new Seeds(seed));
        System.out.println("demo data (seed " + seed + "): " + output
                + "/genome: 2 contigs, 1.8 Mb; promoters: 4000 train, 500 dev, 500 test rows");
        return Commands.DONE;
    }
}

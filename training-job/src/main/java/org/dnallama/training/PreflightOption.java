package org.dnallama.training;

import java.io.IOException;
import org.apache.spark.sql.SparkSession;
import org.dnallama.spark.Commands;
import org.dnallama.training.preflight.Preflight;
import picocli.CommandLine.Option;

/** Looks without training; a picocli mixin. */
final class PreflightOption {

    @Option(
            names = "--preflight",
            description =
                    "Look whether executors, memory, disks and data are fit for the run, tell all that is not, and stop.")
    private boolean only;

    boolean only() {
        return only;
    }

    /** Looks, and tells that nothing was found. */
    int report(Preflight preflight, SparkSession spark) throws IOException {
        preflight.check(spark);
        System.out.println("pre-flight: nothing stands in the way");
        return Commands.DONE;
    }
}

package org.dnallama.spark;

import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.TrainingException;
import picocli.CommandLine;

/** Runs a picocli command and turns what it throws into the documented exit codes. */
public final class Commands {

    /** Done. */
    public static final int DONE = 0;
    /** Usage or configuration. */
    public static final int USAGE = 2;
    /** Bad input data. */
    public static final int INPUT = 3;
    /** Training failed. */
    public static final int TRAINING = 4;
    /** A bug of ours. */
    public static final int BUG = 70;

    private Commands() {}

    /**
     * Ends the process: threads of Spark's would keep it alive. Only in a driver that runs inside YARN a success just
     * returns, because YARN takes an exit there for a failure.
     *
     * @param code the exit code
     */
    public static void exit(int code) {
        boolean isInYarn = System.getProperty("spark.master", "").equals("yarn")
                && System.getProperty("spark.submit.deployMode", "").equals("cluster");
        if (code != DONE || !isInYarn) {
            System.exit(code);
        }
    }

    /**
     * Runs a command; its output goes to the standard streams.
     *
     * @param command an object annotated for picocli
     * @param args its arguments
     * @return the exit code
     */
    public static int run(Object command, String... args) {
        return new CommandLine(command)
                .setUsageHelpWidth(120)
                .setExecutionExceptionHandler((error, line, parsed) -> report(error, line))
                .execute(args);
    }

    private static int report(Throwable error, CommandLine line) {
        // Spark wraps what a task throws; only its text survives the way to the driver, but causes do in local mode.
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            int code = code(cause);
            if (code != BUG) {
                line.getErr().println("error: " + cause.getMessage());
                return code;
            }
        }
        line.getErr().println("internal error, please report it with the lines below:");
        error.printStackTrace(line.getErr());
        return BUG;
    }

    private static int code(Throwable error) {
        if (error instanceof ConfigException) {
            return USAGE;
        }
        if (error instanceof InputException) {
            return INPUT;
        }
        return error instanceof TrainingException ? TRAINING : BUG;
    }
}

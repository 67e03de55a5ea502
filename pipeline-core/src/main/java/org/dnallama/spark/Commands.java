package org.dnallama.spark;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.SparkUserAppException;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.Redaction;
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
    /** The cluster did not start the job, or lost it. */
    public static final int CLUSTER = 69;
    /** A bug of ours. */
    public static final int BUG = 70;
    /** Ended by SIGTERM: the JVM exits so by itself, and a status says so too. */
    public static final int STOPPED = 143;

    /** Set as soon as a signal ends the JVM: what fails from then on fails because Spark is gone. */
    private static final AtomicBoolean STOPPING = new AtomicBoolean();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> STOPPING.set(true), "stopping"));
    }

    private Commands() {}

    /**
     * Ends the process: threads of Spark's would keep it alive. A driver that runs inside YARN returns after a success,
     * because YARN takes an exit there for a failure, and tells YARN of another code in the way that Spark hands on.
     *
     * @param code the exit code
     * @throws SparkUserAppException inside YARN, when the code is not {@link #DONE}
     */
    public static void exit(int code) throws SparkUserAppException {
        boolean isInYarn = System.getProperty("spark.master", "").equals("yarn")
                && System.getProperty(JobStatus.DEPLOY_MODE, "").equals("cluster");
        if (!isInYarn) {
            System.exit(code);
        } else if (code != DONE) {
            throw new SparkUserAppException(code);
        }
    }

    /**
     * Runs a command; its output goes to the standard streams. What {@code spark-submit} started writes a status beside
     * its output too.
     *
     * @param command an object annotated for picocli
     * @param args its arguments
     * @return the exit code
     */
    public static int run(Object command, String... args) {
        Optional<JobStatus> status = JobStatus.ofSubmitted(args);
        status.ifPresent(JobStatus::running);
        String[] firstCause = {""};
        int code = new CommandLine(command)
                .setUsageHelpWidth(120)
                .setExecutionExceptionHandler((error, line, parsed) -> {
                    Failure failure = Failure.of(error);
                    failure.print(line.getErr());
                    firstCause[0] = failure.message();
                    return failure.code();
                })
                .execute(args);
        status.ifPresent(it -> it.ended(code, firstCause[0]));
        return code;
    }

    /** What an error means to the user: Spark wraps what a task throws. */
    private record Failure(int code, String message, Throwable error) {

        static Failure of(Throwable error) {
            if (STOPPING.get()) {
                return new Failure(
                        STOPPED, "stopped by a signal; the same command goes on from what is finished", error);
            }
            Throwable last = error;
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                int code = Commands.code(cause);
                if (code != BUG) {
                    return new Failure(code, Redaction.of(String.valueOf(cause.getMessage())), error);
                }
                last = cause;
            }
            return new Failure(BUG, Redaction.of(last.toString()), error);
        }

        void print(PrintWriter err) {
            if (code == BUG) {
                err.println("internal error, please report it with the lines below:");
                StringWriter trace = new StringWriter();
                error.printStackTrace(new PrintWriter(trace, true));
                err.print(Redaction.of(trace.toString()));
                err.flush();
            } else {
                err.println("error: " + message);
            }
        }
    }

    private static int code(Throwable error) {
        if (error instanceof ConfigException) {
            return USAGE;
        }
        if (error instanceof InputException) {
            return INPUT;
        }
        if (error instanceof TrainingException) {
            return TRAINING;
        }
        return error instanceof ClusterException ? CLUSTER : BUG;
    }
}

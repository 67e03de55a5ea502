package org.dnallama.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeoutException;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkException;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.dnallama.collective.PeerLostException;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.TrainingException;
import org.dnallama.spark.monitor.RunMonitor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which rank failed first. The others lose their peer right after it, and Spark may report them before it;
 * what they say is kept only if there is nothing better. A failure that another attempt would only repeat ends the job.
 */
public final class FirstFailure extends SparkListener {

    private static final Logger LOG = LoggerFactory.getLogger(FirstFailure.class);
    private static final long PATIENCE_MILLIS = 10_000;
    private static final String AGAIN = "; run the same command again to go on from the last checkpoint";

    private final SparkContext context;
    private final String job;
    private final int ranks;
    private @Nullable Failure first;

    /** What a task failed of. */
    private record Failure(
            int attempt, String text, Kind kind, @Nullable RuntimeException users) {

        /** A later attempt's first failure counts, and a cause more than a consequence. */
        boolean outweighs(Failure earlier) {
            return attempt > earlier.attempt
                    || (attempt == earlier.attempt && earlier.kind == Kind.CONSEQUENCE && kind != Kind.CONSEQUENCE);
        }
    }

    private enum Kind {
        /** A machine, a network or a disk failed. */
        LOSS,
        /** Another rank failed. */
        CONSEQUENCE,
        /** Something that nobody expected. */
        BUG
    }

    private FirstFailure(SparkContext context, String job, int ranks) {
        this.context = context;
        this.job = job;
        this.ranks = ranks;
    }

    /**
     * Runs a Spark job of several ranks, or more than one such job, and tells of the first cause if it fails.
     *
     * @param context Spark's
     * @param name of the job, in messages and in the Spark UI
     * @param ranks how many work on it
     * @param job to run
     * @param <T> what the job results in
     * @return what the job returns
     * @throws TrainingException if ranks were lost beyond retries
     */
    public static <T> T explained(SparkContext context, String name, int ranks, Callable<T> job) {
        FirstFailure failures = new FirstFailure(context, name, ranks);
        context.setJobGroup(name, name + " on " + ranks + (ranks == 1 ? " rank" : " ranks"), true);
        context.addSparkListener(failures);
        try {
            return job.call();
        } catch (Exception e) {
            // Scala does not declare what it throws, such as a SparkException.
            throw failures.explain(e);
        } finally {
            context.removeSparkListener(failures);
            context.clearJobGroup();
        }
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof TaskFailedReason reason) || end.reason() instanceof TaskKilled) {
            return;
        }
        Failure failure = failure(end, reason);
        if (first == null || failure.outweighs(first)) {
            first = failure;
            LOG.warn("{}: {}", job, failure.text);
            if (failure.users != null) {
                context.cancelJobGroup(job);
            }
        }
    }

    private Failure failure(SparkListenerTaskEnd end, TaskFailedReason reason) {
        // A barrier stage starts again as a whole, any other task by itself.
        int attempt = end.stageAttemptId() + end.taskInfo().attemptNumber();
        String rank = "rank %d of %d on %s (executor %s, attempt %d)"
                .formatted(
                        end.taskInfo().index(),
                        ranks,
                        end.taskInfo().host(),
                        end.taskInfo().executorId(),
                        attempt);
        if (!(reason instanceof ExceptionFailure thrown)) {
            return new Failure(attempt, rank + ": " + reason.toErrorString() + when(end), Kind.LOSS, null);
        }
        String name = thrown.className().substring(thrown.className().lastIndexOf('.') + 1);
        Throwable error = thrown.exception().isDefined() ? thrown.exception().get() : null;
        String text = rank + ": " + name + ": " + thrown.description() + when(end);
        return new Failure(attempt, text, kind(error), users(rank, error));
    }

    private String when(SparkListenerTaskEnd end) {
        OptionalLong reached = RunMonitor.reached(job);
        return " (in Spark's stage %d%s)"
                .formatted(end.stageId(), reached.isPresent() ? ", after step " + reached.getAsLong() : "");
    }

    private static Kind kind(@Nullable Throwable error) {
        if (error instanceof PeerLostException) {
            return Kind.CONSEQUENCE;
        }
        // What cannot be sent to the driver may be anything.
        return error == null || error instanceof IOException || error instanceof UncheckedIOException
                ? Kind.LOSS
                : Kind.BUG;
    }

    private @Nullable RuntimeException users(String rank, @Nullable Throwable error) {
        if (error instanceof TrainingException training) {
            return ranks == 1 ? training : new TrainingException(rank + ": " + error.getMessage());
        }
        return error instanceof ConfigException || error instanceof InputException ? (RuntimeException) error : null;
    }

    /** What to throw for the whole job, once Spark has given up. */
    private RuntimeException explain(Exception givenUp) {
        try {
            context.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
        } catch (TimeoutException e) {
            LOG.warn("{}: Spark's events are late, so the cause of the failure may be missing", job);
        }
        return explained(givenUp);
    }

    private synchronized RuntimeException explained(Exception givenUp) {
        // What the driver itself has to tell goes before what a task failed of and was retried.
        if (givenUp instanceof TrainingException
                || givenUp instanceof ConfigException
                || givenUp instanceof InputException) {
            return (RuntimeException) givenUp;
        }
        if (first == null && givenUp instanceof SparkException && givenUp.getCause() == null) {
            // Such as when no executor can be started any more.
            return new TrainingException(job + ": " + givenUp.getMessage() + AGAIN);
        }
        if (first == null) {
            return new IllegalStateException(givenUp);
        }
        if (first.users != null) {
            return first.users;
        }
        return first.kind == Kind.BUG
                ? new IllegalStateException(first.text, givenUp)
                : new TrainingException(
                        first.text + "; Spark gave up after " + (first.attempt + 1) + " attempts" + AGAIN);
    }
}

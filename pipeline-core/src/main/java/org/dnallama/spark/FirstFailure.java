package org.dnallama.spark;

import java.util.concurrent.TimeoutException;
import org.apache.spark.ExceptionFailure;
import org.apache.spark.SparkContext;
import org.apache.spark.TaskFailedReason;
import org.apache.spark.TaskKilled;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.dnallama.collective.PeerLostException;
import org.dnallama.config.ConfigException;
import org.dnallama.config.InputException;
import org.dnallama.config.TrainingException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out which rank failed first. The others lose their peer right after it, and Spark may report them before it;
 * what they say is kept only if there is nothing better. A failure that another attempt would only repeat ends the job.
 */
final class FirstFailure extends SparkListener implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FirstFailure.class);
    private static final long PATIENCE_MILLIS = 10_000;

    private final SparkContext context;
    private final BarrierJob job;
    private @Nullable Failure first;

    /** What a task failed of. */
    private record Failure(
            int attempt,
            String text,
            boolean isConsequence,
            @Nullable RuntimeException users) {

        /** A later attempt's first failure counts, and a cause more than a consequence. */
        boolean outweighs(Failure earlier) {
            return attempt > earlier.attempt || (attempt == earlier.attempt && earlier.isConsequence && !isConsequence);
        }
    }

    private FirstFailure(SparkContext context, BarrierJob job) {
        this.context = context;
        this.job = job;
    }

    static FirstFailure listen(SparkContext context, BarrierJob job) {
        FirstFailure listener = new FirstFailure(context, job);
        context.addSparkListener(listener);
        return listener;
    }

    @Override
    public synchronized void onTaskEnd(SparkListenerTaskEnd end) {
        if (!(end.reason() instanceof TaskFailedReason reason) || end.reason() instanceof TaskKilled) {
            return;
        }
        Failure failure = failure(end, reason);
        if (first == null || failure.outweighs(first)) {
            first = failure;
            LOG.warn("{}: {}", job.name(), failure.text);
            if (failure.users != null) {
                context.cancelJobGroup(job.name());
            }
        }
    }

    private Failure failure(SparkListenerTaskEnd end, TaskFailedReason reason) {
        String rank = "rank %d of %d on %s (executor %s, attempt %d)"
                .formatted(
                        end.taskInfo().index(),
                        job.worldSize(),
                        end.taskInfo().host(),
                        end.taskInfo().executorId(),
                        end.stageAttemptId());
        if (!(reason instanceof ExceptionFailure thrown)) {
            return new Failure(end.stageAttemptId(), rank + ": " + reason.toErrorString(), false, null);
        }
        boolean isConsequence = thrown.className().equals(PeerLostException.class.getName());
        String name = thrown.className().substring(thrown.className().lastIndexOf('.') + 1);
        String text = rank + ": " + name + ": " + thrown.description();
        return new Failure(end.stageAttemptId(), text, isConsequence, users(rank, thrown));
    }

    private static @Nullable RuntimeException users(String rank, ExceptionFailure thrown) {
        Throwable error = thrown.exception().isDefined() ? thrown.exception().get() : null;
        if (error instanceof TrainingException) {
            return new TrainingException(rank + ": " + error.getMessage());
        }
        return error instanceof ConfigException || error instanceof InputException ? (RuntimeException) error : null;
    }

    /** What to throw for the whole job, once Spark has given up. */
    RuntimeException explain(Exception givenUp) {
        try {
            context.listenerBus().waitUntilEmpty(PATIENCE_MILLIS);
        } catch (TimeoutException e) {
            LOG.warn("{}: Spark's events are late, so the cause of the failure may be missing", job.name());
        }
        RuntimeException cause = explained();
        return cause == null ? new IllegalStateException(givenUp) : cause;
    }

    private synchronized @Nullable RuntimeException explained() {
        if (first == null) {
            return null;
        }
        return first.users != null
                ? first.users
                : new TrainingException(first.text + "; Spark gave up after " + (first.attempt + 1)
                        + " attempts; run the same command again to go on from the last checkpoint");
    }

    @Override
    public void close() {
        context.removeSparkListener(this);
    }
}

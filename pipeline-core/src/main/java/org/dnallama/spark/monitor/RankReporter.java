package org.dnallama.spark.monitor;

import java.util.Map;
import org.dnallama.spark.monitor.RankReport.Event;
import org.dnallama.train.TrainingListener;

/**
 * Tells Spark how a rank's training goes: every rank its executor's metrics, rank 0 also the driver, at most twice a
 * second.
 */
public final class RankReporter implements TrainingListener {

    private static final long PAUSE_NANOS = 500_000_000;

    private final String run;
    private final int rank;
    private long steps;
    private long lastSent = System.nanoTime() - PAUSE_NANOS;

    /**
     * A rank's reporter.
     *
     * @param run the name under which {@link RunMonitor} follows it
     * @param rank this rank
     */
    public RankReporter(String run, int rank) {
        this.run = run;
        this.rank = rank;
    }

    @Override
    public void started(long doneSteps, long allSteps) {
        steps = allSteps;
        send(Event.STARTED, doneSteps, Map.of());
    }

    @Override
    public void stepped(long step, Map<String, Double> values) {
        ExecutorLine.show(step, values);
        long now = System.nanoTime();
        if (step == steps || now - lastSent >= PAUSE_NANOS) {
            lastSent = now;
            send(Event.STEPPED, step, values);
        }
    }

    @Override
    public void evaluated(long step, Map<String, Double> values) {
        send(Event.EVALUATED, step, values);
    }

    private void send(Event event, long step, Map<String, Double> values) {
        if (rank == 0) {
            ExecutorLine.send(new RankReport(run, event, step, steps, values));
        }
    }
}

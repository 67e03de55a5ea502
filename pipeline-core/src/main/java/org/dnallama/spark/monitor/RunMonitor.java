package org.dnallama.spark.monitor;

import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.dnallama.train.TrainingListener;

/** The driver's ear for runs on executors. */
public final class RunMonitor implements AutoCloseable {

    private static final Map<String, RunMonitor> FOLLOWED = new ConcurrentHashMap<>();

    private final String run;
    private final TrainingListener listener;
    private OptionalLong reached = OptionalLong.empty();

    private RunMonitor(String run, TrainingListener listener) {
        this.run = run;
        this.listener = listener;
    }

    /**
     * Passes on what rank 0 of a run reports, until it is closed.
     *
     * @param run its name
     * @param listener is told, by one thread at a time; closed with the monitor
     * @return the monitor, to be closed by the caller
     */
    public static RunMonitor follow(String run, TrainingListener listener) {
        RunMonitor monitor = new RunMonitor(run, listener);
        FOLLOWED.put(run, monitor);
        return monitor;
    }

    /**
     * The step that rank 0 of a run last told of.
     *
     * @param run its name
     * @return empty if nobody follows the run or nothing was heard
     */
    public static OptionalLong reached(String run) {
        RunMonitor monitor = FOLLOWED.get(run);
        if (monitor == null) {
            return OptionalLong.empty();
        }
        synchronized (monitor.listener) {
            return monitor.reached;
        }
    }

    static void hear(RankReport report) {
        RunMonitor monitor = FOLLOWED.get(report.run());
        if (monitor != null) {
            monitor.tell(report);
        }
    }

    private void tell(RankReport report) {
        synchronized (listener) {
            reached = OptionalLong.of(report.step());
            switch (report.event()) {
                case STARTED -> listener.started(report.step(), report.steps());
                case STEPPED -> listener.stepped(report.step(), report.values());
                case EVALUATED -> listener.evaluated(report.step(), report.values());
            }
        }
    }

    @Override
    public void close() {
        FOLLOWED.remove(run, this);
        synchronized (listener) {
            listener.close();
        }
    }
}

package org.dnallama.spark.monitor;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.dnallama.train.TrainingListener;

/** The driver's ear for runs on executors. */
public final class RunMonitor implements AutoCloseable {

    private static final Map<String, TrainingListener> FOLLOWED = new ConcurrentHashMap<>();

    private final String run;
    private final TrainingListener listener;

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
        FOLLOWED.put(run, listener);
        return new RunMonitor(run, listener);
    }

    static void hear(RankReport report) {
        TrainingListener listener = FOLLOWED.get(report.run());
        if (listener == null) {
            return;
        }
        synchronized (listener) {
            switch (report.event()) {
                case STARTED -> listener.started(report.step(), report.steps());
                case STEPPED -> listener.stepped(report.step(), report.values());
                case EVALUATED -> listener.evaluated(report.step(), report.values());
            }
        }
    }

    @Override
    public void close() {
        FOLLOWED.remove(run, listener);
        synchronized (listener) {
            listener.close();
        }
    }
}

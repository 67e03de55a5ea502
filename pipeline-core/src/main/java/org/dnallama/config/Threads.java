package org.dnallama.config;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** Threads that work beside a job's own. */
public final class Threads {

    private Threads() {}

    /**
     * Makes threads that do not keep the process alive.
     *
     * @param name of all of them
     * @return their factory
     */
    public static ThreadFactory daemons(String name) {
        return task -> {
            Thread thread = new Thread(task, name);
            thread.setDaemon(true);
            return thread;
        };
    }

    /**
     * Waits until the threads of a service that was shut down have ended, even if this thread is interrupted: they may
     * still use memory that is about to be freed.
     *
     * @param service shut down already
     */
    public static void awaitEnd(ExecutorService service) {
        boolean interrupted = false;
        while (true) {
            try {
                if (service.awaitTermination(1, TimeUnit.HOURS)) {
                    break;
                }
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}

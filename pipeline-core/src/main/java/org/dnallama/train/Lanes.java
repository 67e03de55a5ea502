package org.dnallama.train;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.DoubleSupplier;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.dnallama.config.Threads;
import org.dnallama.model.Objective;

/**
 * Threads with a model each, over shared parameters.
 *
 * @param <M> the model
 */
public final class Lanes<M extends Objective> implements AutoCloseable {

    private final List<M> models = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * Starts the threads.
     *
     * @param count number of lanes
     * @param model makes a lane's model
     */
    public Lanes(int count, Supplier<M> model) {
        for (int lane = 0; lane < count; lane++) {
            models.add(model.get());
        }
        threads = Executors.newFixedThreadPool(count, Threads.daemons("lane"));
    }

    int count() {
        return models.size();
    }

    M model(int lane) {
        return models.get(lane);
    }

    /** Runs a body once for each lane, side by side, and waits for all. */
    void run(IntConsumer body) {
        List<Future<?>> running = new ArrayList<>();
        for (int lane = 0; lane < count(); lane++) {
            int mine = lane;
            running.add(threads.submit(() -> body.accept(mine)));
        }
        running.forEach(Lanes::result);
    }

    /** Runs two bodies side by side, the first one on this thread, and adds what they return. */
    double both(DoubleSupplier first, DoubleSupplier second) {
        Future<Double> other = threads.submit(second::getAsDouble);
        double mine;
        try {
            mine = first.getAsDouble();
        } catch (RuntimeException e) {
            other.cancel(true);
            throw e;
        }
        return mine + result(other);
    }

    private static <T> T result(Future<T> lane) {
        try {
            return lane.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a batch was computed", e);
        }
    }

    /** Ends the threads, waiting for those that still compute, and closes the models. */
    @Override
    public void close() {
        threads.shutdownNow();
        Threads.awaitEnd(threads);
        models.forEach(Objective::close);
    }
}

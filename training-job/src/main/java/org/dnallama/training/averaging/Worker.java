package org.dnallama.training.averaging;

import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.BatchPortion;
import org.dnallama.optim.ClippedField;
import org.dnallama.optim.NotFiniteException;
import org.dnallama.train.Branches;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Models on an executor, with their memory. DL4J makes a new network for every round, so workers wait here for the next
 * one; there are as many of a kind as the executor runs tasks at once.
 */
final class Worker implements AutoCloseable {

    private static final Map<Recipe, Deque<Worker>> WAITING = new ConcurrentHashMap<>();

    private final Recipe recipe;
    private final Nd4jBackend backend = Nd4jBackend.open();
    private final Lanes<Objective> lanes;
    private final LocalGradientField local;
    private final ClippedField field;

    private Worker(Recipe recipe) {
        this.recipe = recipe;
        lanes = new Lanes<>(recipe.training().lanes(), () -> recipe.objective(backend));
        try (Parameters like = new Parameters(backend, recipe.groups())) {
            Branches branches = new Branches(recipe.training().microBatches(), 1);
            local = new LocalGradientField(
                    lanes, like, branches, recipe.training().dropout(), new Seeds(recipe.seed()));
        }
        field = new ClippedField(
                new AveragedField(local, new SingleRank()), recipe.training().clipNorm());
    }

    /** A worker that computes for the caller alone until it is given back. */
    static Worker take(Recipe recipe) {
        Worker waiting = waiting(recipe).poll();
        return waiting == null ? new Worker(recipe) : waiting;
    }

    /** Gives a worker back. */
    void release() {
        waiting(recipe).push(this);
    }

    /** Closes those of this process that wait. */
    static void closeAll(Recipe recipe) {
        Deque<Worker> workers = WAITING.remove(recipe);
        if (workers != null) {
            workers.forEach(Worker::close);
        }
    }

    private static Deque<Worker> waiting(Recipe recipe) {
        return WAITING.computeIfAbsent(recipe, key -> new ConcurrentLinkedDeque<>());
    }

    /**
     * Mean loss over the rows' targets, and its gradient, clipped.
     *
     * @param parameters all numbers, in the layout of {@link Parameters#over}
     * @param rows the worker's part of a step
     * @param gradient overwritten; the same layout
     * @return nats per target; not finite if loss or gradient are not
     */
    double lossAndGradient(INDArray parameters, Rows rows, INDArray gradient) {
        // Each worker's part of each step has a number of its own, from which its dropout follows.
        long part = new Seeds(recipe.seed()).key("part", rows.step(), rows.worker());
        local.begin(new MicroBatches(part, 0, rows.batches(recipe)));
        try {
            return field.evaluate(over(parameters), BatchPortion.WHOLE, over(gradient));
        } catch (TrainingException | NotFiniteException e) {
            // Thrown, it would make Spark try again, in vain; the driver sees that the loss is not finite.
            return Double.NaN;
        }
    }

    private Parameters over(INDArray flat) {
        return Parameters.over(backend, recipe.groups(), backend.over(flat));
    }

    @Override
    public void close() {
        local.close();
        lanes.close();
    }
}

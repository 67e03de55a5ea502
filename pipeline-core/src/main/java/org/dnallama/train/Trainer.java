package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.dnallama.collective.AllReduce;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Batch;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.ClippedField;
import org.dnallama.optim.Optimizer;
import org.dnallama.optim.Optimizers;
import org.dnallama.optim.Schedule;

/** The training loop: batch, step, log, evaluate, checkpoint. */
final class Trainer implements AutoCloseable {

    private final TrainingSettings settings;
    private final long steps;
    private final BatchSource batches;
    private final Evaluator evaluator;
    private final TrainerCheckpoints checkpoints;
    private final Parameters theta;
    private final Parameters best;
    private final LocalGradientField local;
    private final ClippedField field;
    private final Optimizer optimizer;
    private final Schedule schedule;
    private final MetricsLog log = new MetricsLog();
    private TrainState state = TrainState.START;

    /**
     * What a run is made of.
     *
     * @param settings how to train
     * @param steps how long
     * @param examples training rows
     * @param evaluator measures on held-out rows
     * @param seeds the run's
     */
    record Plan(TrainingSettings settings, long steps, Examples examples, Evaluator evaluator, Seeds seeds) {}

    Trainer(
            Plan plan,
            Parameters theta,
            Lanes<? extends Objective> lanes,
            AllReduce ranks,
            TrainerCheckpoints checkpoints) {
        this.settings = plan.settings();
        this.steps = plan.steps();
        this.batches = new BatchSource(plan.examples(), settings, plan.seeds());
        this.evaluator = plan.evaluator();
        this.checkpoints = checkpoints;
        this.theta = theta;
        this.best = theta.zerosLike();
        this.local = new LocalGradientField(lanes, theta, settings.dropout(), plan.seeds());
        this.field = new ClippedField(new AveragedField(local, ranks), settings.clipNorm());
        this.optimizer = Optimizers.create(settings.optimizer(), theta);
        this.schedule = settings.schedule(steps);
    }

    /** Trains to the end, going on from the newest checkpoint if there is one. */
    void run(TrainingListener listener) {
        resume();
        listener.started(state.step(), steps);
        while (state.step() < steps) {
            step(listener);
            if (isDue(settings.evaluateEvery())) {
                evaluate(listener);
            }
            if (isDue(settings.checkpointEvery())) {
                checkpoints.save(state, theta, best, optimizer, log);
            }
        }
    }

    private void step(TrainingListener listener) {
        long step = state.step() + 1;
        List<Batch> batch = batches.step(step);
        local.begin(step, batch);
        double learningRate = schedule.at(step);
        long start = System.nanoTime();
        double loss = descend(step, learningRate);
        double seconds = (System.nanoTime() - start) / 1e9;
        state = new TrainState(
                step,
                optimizer.gradientEvaluations(),
                state.elapsedSeconds() + seconds,
                state.bestStep(),
                state.bestScore());

        Map<String, Double> values = progress();
        values.put("lossNats", loss);
        values.put("learningRate", learningRate);
        values.put("gradientNorm", field.gradientNorm());
        values.put(
                "tokensPerSecond", batch.stream().mapToLong(Batch::tokenCount).sum() / seconds);
        values.putAll(optimizer.telemetry());
        log.add(step, values);
        listener.stepped(step, values);
    }

    private double descend(long step, double learningRate) {
        try {
            return optimizer.step(theta, field, learningRate);
        } catch (TrainingException e) {
            throw failure(step, e);
        }
    }

    private TrainingException failure(long step, TrainingException cause) {
        OptionalLong newest = checkpoints.newest();
        String good = "none";
        if (newest.isPresent()) {
            // A checkpoint is known to be good once a step was taken from it.
            good = newest.getAsLong() < state.step()
                    ? "step " + newest.getAsLong()
                    : "none, that of step " + newest.getAsLong() + " is where the failed step started";
        }
        return new TrainingException("step %d: %s; last good checkpoint: %s; try a smaller learningRate (now %s)"
                .formatted(step, cause.getMessage(), good, settings.learningRate()));
    }

    private Evaluator.Result measure() {
        try {
            return evaluator.evaluate(theta);
        } catch (TrainingException e) {
            throw failure(state.step(), e);
        }
    }

    private void evaluate(TrainingListener listener) {
        Evaluator.Result result = measure();
        if (result.score() > state.bestScore()) {
            best.copyFrom(theta);
            state = new TrainState(
                    state.step(), state.gradientEvaluations(), state.elapsedSeconds(), state.step(), result.score());
        }
        Map<String, Double> values = progress();
        values.putAll(result.values());
        log.add(state.step(), values);
        listener.evaluated(state.step(), result.values());
    }

    private Map<String, Double> progress() {
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("gradientEvaluations", (double) state.gradientEvaluations());
        values.put("elapsedSeconds", state.elapsedSeconds());
        return values;
    }

    private boolean isDue(int every) {
        return state.step() % every == 0 || state.step() == steps;
    }

    private void resume() {
        OptionalLong newest = checkpoints.newest();
        if (newest.isPresent()) {
            state = checkpoints.load(newest.getAsLong(), theta, best, optimizer, log);
        }
    }

    /** How far it has come. */
    TrainState state() {
        return state;
    }

    /** The parameters with the best evaluation. */
    Parameters best() {
        return best;
    }

    /** The lines of {@code metrics.jsonl}. */
    String log() {
        return log.text();
    }

    @Override
    public void close() {
        optimizer.close();
        local.close();
        best.close();
    }
}

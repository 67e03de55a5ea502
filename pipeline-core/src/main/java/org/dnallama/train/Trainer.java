package org.dnallama.train;

import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.collective.AllReduce;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Parameters;
import org.dnallama.optim.NotFiniteException;
import org.slf4j.LoggerFactory;

/** The training loop: learn, log, evaluate, checkpoint. */
final class Trainer implements AutoCloseable {

    private final TrainingSettings settings;
    private final long steps;
    private final Evaluator evaluator;
    private final TrainerCheckpoints checkpoints;
    private final Parameters theta;
    private final Parameters best;
    private final Learner learner;
    private final AllReduce ranks;
    private final Optional<LayeredLearner> layered;
    private final Optional<SmoothedLearner> smoothed;
    private final MetricsLog log;
    private TrainState state = TrainState.START;
    private int skippedInARow;
    private long lastCheckpoint = System.nanoTime();

    /**
     * What a run is made of.
     *
     * @param settings how to train
     * @param steps how long
     * @param evaluator measures on held-out rows
     * @param clock tells the log when a step was taken
     */
    record Plan(TrainingSettings settings, long steps, Evaluator evaluator, InstantSource clock) {}

    /** All ranks train; rank 0 alone writes. */
    Trainer(Plan plan, Parameters theta, Learner learner, AllReduce ranks, TrainerCheckpoints checkpoints) {
        this.settings = plan.settings();
        this.steps = plan.steps();
        this.evaluator = plan.evaluator();
        this.checkpoints = checkpoints;
        this.theta = theta;
        this.best = theta.zerosLike();
        Refinements refined = settings.refinements();
        this.layered = refined.layerDecay() == 1
                ? Optional.empty()
                : Optional.of(new LayeredLearner(learner, refined.layerDecay(), theta));
        Learner moving = layered.isPresent() ? layered.get() : learner;
        this.smoothed = refined.averaging() == 0
                ? Optional.empty()
                : Optional.of(new SmoothedLearner(moving, refined.averaging(), theta));
        this.learner = smoothed.isPresent() ? smoothed.get() : moving;
        this.log = new MetricsLog(plan.clock());
        this.ranks = ranks;
    }

    /**
     * Trains to the end, going on from the newest checkpoint if there is one. An average of the weights, if there is
     * one, then stands in their place.
     */
    void run(TrainingListener listener) {
        resume();
        listener.started(state.step(), steps);
        while (state.step() < steps && !hasLostPatience()) {
            long before = state.step();
            learn(listener);
            // Amid skipped steps nothing has moved, and the checkpoint before them may be the last good one.
            if (skippedInARow > 0 && state.step() < steps) {
                continue;
            }
            if (isDue(settings.evaluateEvery(), before)) {
                smoothed.ifPresentOrElse(average -> average.within(() -> evaluate(listener)), () -> evaluate(listener));
            }
            if (ranks.rank() == 0 && isCheckpointDue(before)) {
                checkpoints.save(state, theta, best, learner.state(), log);
            }
        }
        checkpoints.await();
        smoothed.ifPresent(average -> theta.copyFrom(average.average()));
    }

    /** Follows from the state alone, so a resumed run ends where an undisturbed one does. */
    private boolean hasLostPatience() {
        long patience = (long) settings.refinements().patience() * settings.evaluateEvery();
        return patience > 0 && state.bestStep() > 0 && state.step() - state.bestStep() >= patience;
    }

    private void learn(TrainingListener listener) {
        long start = System.nanoTime();
        try {
            Learner.Turn turn = learner.learn(state.step(), steps - state.step());
            double seconds = secondsSince(start);
            state = state.moved(turn.steps(), learner.gradientEvaluations(), seconds);
            skippedInARow = 0;
            Map<String, Double> values = progress();
            values.put("tokensPerSecond", turn.tokens() / seconds);
            values.put("residentBytes", (double) Pointer.physicalBytes());
            values.put("offHeapBytes", (double) Pointer.totalBytes());
            values.putAll(turn.values());
            tell(listener, values);
        } catch (NotFiniteException e) {
            state = state.skipped(learner.gradientEvaluations(), secondsSince(start));
            skip(listener, String.valueOf(e.getMessage()));
        } catch (TrainingException e) {
            throw failure(state.step() + 1, String.valueOf(e.getMessage()));
        }
    }

    private static double secondsSince(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private void tell(TrainingListener listener, Map<String, Double> values) {
        log.add(state.step(), values);
        listener.stepped(state.step(), values);
    }

    /** The step moved nothing; too many of them in a row end training. */
    private void skip(TrainingListener listener, String reason) {
        skippedInARow++;
        if (skippedInARow >= settings.maxSkippedSteps()) {
            throw failure(
                    state.step(),
                    "%s; steps skipped in a row: %d (maxSkippedSteps = %d)"
                            .formatted(reason, skippedInARow, settings.maxSkippedSteps()));
        }
        LoggerFactory.getLogger(Trainer.class).warn("step {} is skipped: {}", state.step(), reason);
        Map<String, Double> values = progress();
        values.put("skippedSteps", (double) state.skippedSteps());
        tell(listener, values);
    }

    private TrainingException failure(long step, String reason) {
        checkpoints.await();
        OptionalLong newest = checkpoints.newest();
        String good = "none";
        if (newest.isPresent()) {
            // A checkpoint is known to be good once a step was taken from it.
            good = newest.getAsLong() < state.step() - skippedInARow
                    ? "step " + newest.getAsLong()
                    : "none, that of step " + newest.getAsLong() + " is where the failed step started";
        }
        return new TrainingException("step %d: %s; last good checkpoint: %s; try a smaller learningRate (now %s)"
                .formatted(step, reason, good, settings.learningRate()));
    }

    private Evaluator.Result measure() {
        try {
            return evaluator.evaluate(theta);
        } catch (TrainingException e) {
            throw failure(state.step(), String.valueOf(e.getMessage()));
        }
    }

    private void evaluate(TrainingListener listener) {
        Evaluator.Result result = measure();
        if (result.score() > state.bestScore()) {
            best.copyFrom(theta);
            state = state.withBest(result.score());
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

    /** Whether a multiple was reached or passed since then. */
    private boolean isDue(int every, long before) {
        return state.step() / every > before / every || state.step() == steps;
    }

    /** By steps or by the clock; only rank 0 asks, so the others need no clock of the same time. */
    private boolean isCheckpointDue(long before) {
        long minutes = Duration.ofNanos(System.nanoTime() - lastCheckpoint).toMinutes();
        boolean isDue = isDue(settings.checkpoints().everySteps(), before)
                || minutes >= settings.checkpoints().everyMinutes();
        if (isDue) {
            lastCheckpoint = System.nanoTime();
        }
        return isDue;
    }

    private void resume() {
        // All ranks go on from the checkpoint that rank 0 sees.
        long newest = (long)
                ranks.sum(ranks.rank() == 0 ? (double) checkpoints.newest().orElse(0) : 0);
        if (newest > 0) {
            state = checkpoints.load(newest, theta, best, learner.state(), log);
            learner.resume(state.momentSteps(), state.gradientEvaluations());
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

    /** What {@code metrics.jsonl} holds. */
    MetricsLog log() {
        return log;
    }

    @Override
    public void close() {
        smoothed.ifPresent(SmoothedLearner::close);
        layered.ifPresent(LayeredLearner::close);
        checkpoints.close();
        best.close();
    }
}

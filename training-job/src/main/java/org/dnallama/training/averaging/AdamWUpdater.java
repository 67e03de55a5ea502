package org.dnallama.training.averaging;

import java.util.Map;
import java.util.Objects;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * AdamW under our schedule, for DL4J. Its own Adam adds epsilon before the bias correction, where PyTorch and the
 * project's AdamW add it after. Weight decay is not in here: DL4J applies it next, to the parameters that have it.
 */
final class AdamWUpdater implements IUpdater {

    private final TrainingSettings training;
    private final long steps;
    private final Moments moments;

    /**
     * For a run.
     *
     * @param training the optimizer's constants and the learning rate
     * @param steps of the whole run
     * @param moments whether they are those of the whole run, or of a round
     */
    AdamWUpdater(TrainingSettings training, long steps, Moments moments) {
        this.training = training;
        this.steps = steps;
        this.moments = moments;
    }

    TrainingSettings training() {
        return training;
    }

    Moments moments() {
        return moments;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return training.schedule(steps).at(iteration + 1L);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    /** Two moments for each parameter. */
    @Override
    public long stateSize(long parameters) {
        return 2 * parameters;
    }

    @Override
    public GradientUpdater<AdamWUpdater> instantiate(INDArray state, boolean initialize) {
        AdamWState updater = new AdamWState(this);
        updater.setStateViewArray(state, state.shape(), state.ordering(), initialize);
        return updater;
    }

    @Override
    public GradientUpdater<AdamWUpdater> instantiate(Map<String, INDArray> state, boolean initialize) {
        throw new UnsupportedOperationException("the moments are one flat array");
    }

    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {
        throw new UnsupportedOperationException("the learning rate follows from the training settings");
    }

    /** It never changes, so it can be shared. */
    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public IUpdater clone() {
        return this;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AdamWUpdater updater
                && updater.training.equals(training)
                && updater.steps == steps
                && updater.moments == moments;
    }

    @Override
    public int hashCode() {
        return Objects.hash(training, steps, moments);
    }
}

package org.dnallama.training.averaging;

import java.util.Map;
import java.util.Objects;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Blend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;

/** The moments of {@link AdamWUpdater}, one flat array: all first moments, then all second ones. */
final class AdamWState implements GradientUpdater<AdamWUpdater> {

    private final AdamWUpdater config;
    private final Nd4jBackend backend = Nd4jBackend.open();
    private @Nullable INDArray state;
    private long stepsOfRound;

    AdamWState(AdamWUpdater config) {
        this.config = config;
    }

    @Override
    public AdamWUpdater getConfig() {
        return config;
    }

    @Override
    public void setStateViewArray(INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
        if (initialize) {
            view.assign(0);
        }
        state = view;
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of("moments", Objects.requireNonNull(state));
    }

    @Override
    public void setState(Map<String, INDArray> moments, boolean initialize) {
        throw new UnsupportedOperationException("the moments are one flat array");
    }

    /** g becomes lr mHat / (sqrt(vHat) + eps), by the kernel of the project's AdamW, which subtracts it from zeros. */
    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        stepsOfRound++;
        long step = config.moments() == Moments.AVERAGED ? iteration + 1L : stepsOfRound;
        OptimizerSettings constants = config.training().optimizer();
        AdamStep coefficients = new AdamStep(
                config.getLearningRate(iteration, epoch),
                constants.beta1(),
                constants.beta2(),
                constants.epsilon(),
                0,
                step,
                AdamStep.Momentum.CLASSICAL);
        Buffer moments = backend.over(Objects.requireNonNull(state));
        Buffer g = backend.over(gradient);
        long count = g.length();
        try (Buffer move = backend.allocate(count)) {
            Buffer m = moments.slice(0, count);
            Buffer v = moments.slice(count, count);
            backend.adam(move, move, m, v, Blend.of(g), coefficients);
            backend.copy(g, move);
            backend.scale(g, -1);
        }
    }
}

package org.dnallama.optim;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dnallama.model.Parameters;

/**
 * Adam with decoupled weight decay: one gradient a step.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
 */
public final class AdamW extends CountedOptimizer {

    private final OptimizerSettings settings;
    private final Parameters m;
    private final Parameters v;
    private final Parameters g;

    /**
     * Moments at zero.
     *
     * @param settings its constants
     * @param like parameters of the layout that it will move
     */
    public AdamW(OptimizerSettings settings, Parameters like) {
        this.settings = settings;
        m = like.zerosLike();
        v = like.zerosLike();
        g = like.zerosLike();
    }

    @Override
    public double step(Parameters theta, GradientField field, double learningRate) {
        double loss = evaluate(field, theta, BatchPortion.WHOLE, g);
        countStep();
        Vectors.adamW(theta, m, v, g, settings.step(learningRate, steps()));
        return loss;
    }

    @Override
    public Map<String, Double> telemetry() {
        return Map.of();
    }

    @Override
    public Map<String, Parameters> state() {
        Map<String, Parameters> state = new LinkedHashMap<>();
        state.put("m", m);
        state.put("v", v);
        return state;
    }

    @Override
    public void close() {
        m.close();
        v.close();
        g.close();
    }
}

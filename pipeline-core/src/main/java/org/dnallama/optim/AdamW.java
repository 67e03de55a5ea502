package org.dnallama.optim;

import java.util.Map;
import org.dnallama.model.Parameters;

/**
 * Adam with decoupled weight decay, one gradient a step: {@code adamw}, and {@code nadamw} with Nesterov's momentum.
 *
 * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
 * @see <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Dozat 2016</a>
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
        Vectors.adam(theta, theta, m, v, Combination.of(g), settings.step(learningRate, steps()));
        return loss;
    }

    @Override
    public Map<String, Double> telemetry() {
        return Map.of();
    }

    @Override
    public Map<String, Parameters> state() {
        return Vectors.moments(m, v);
    }

    @Override
    public void close() {
        m.close();
        v.close();
        g.close();
    }
}

package org.dnallama.optim;

import java.util.List;
import java.util.Map;
import org.dnallama.model.Parameters;
import org.dnallama.model.Parameters.Bucket;
import org.dnallama.model.TensorSpec.Decay;

/**
 * The classical fourth-order Runge-Kutta method on the raw gradient flow, d(theta)/dt = -(grad L + weightDecay theta)
 * with the learning rate as time step: four gradients of one batch, no moments. A control for {@link Kt4}; it is stable
 * only where learning rate times curvature stays below 2.785.
 */
public final class Kt4Classic extends CountedOptimizer {

    private final OptimizerSettings settings;
    private final Parameters theta0;
    private final Parameters k;
    private final Parameters acc;

    /**
     * No state but its counters.
     *
     * @param settings of which it takes the weight decay alone
     * @param like parameters of the layout that it will move
     */
    public Kt4Classic(OptimizerSettings settings, Parameters like) {
        this.settings = settings;
        theta0 = like.zerosLike();
        k = like.zerosLike();
        acc = like.zerosLike();
    }

    @Override
    public double step(Parameters theta, GradientField field, double learningRate) {
        theta0.copyFrom(theta);
        double loss;
        try {
            loss = slope(1, theta, field);
            Vectors.setScaled(acc, 1.0 / 6, k);

            place(theta, learningRate / 2);
            slope(2, theta, field);
            Vectors.addScaled(acc, 1.0 / 3, k);

            place(theta, learningRate / 2);
            slope(3, theta, field);
            Vectors.addScaled(acc, 1.0 / 3, k);

            place(theta, learningRate);
            slope(4, theta, field);
            Vectors.addScaled(acc, 1.0 / 6, k);
        } finally {
            theta.copyFrom(theta0);
        }
        countStep();
        Vectors.addScaled(theta, -learningRate, acc);
        return loss;
    }

    /** k = grad L + weightDecay theta; returns the loss. */
    private double slope(int stage, Parameters theta, GradientField field) {
        double loss = evaluate(stage, theta, field);
        List<Bucket> buckets = theta.buckets();
        for (int b = 0; b < buckets.size(); b++) {
            if (buckets.get(b).decay() == Decay.DECAYED) {
                theta.backend().addScaled(Vectors.at(k, b), settings.weightDecay(), Vectors.at(theta, b));
            }
        }
        return loss;
    }

    /** Evaluates the field; a failure names the stage. */
    private double evaluate(int stage, Parameters theta, GradientField field) {
        try {
            return evaluate(field, theta, BatchPortion.WHOLE, k);
        } catch (NotFiniteException e) {
            throw new NotFiniteException("stage " + stage + " of 4: " + e.getMessage());
        }
    }

    /** theta = theta0 - time k. */
    private void place(Parameters theta, double time) {
        theta.copyFrom(theta0);
        Vectors.addScaled(theta, -time, k);
    }

    @Override
    public Map<String, Double> telemetry() {
        return Map.of();
    }

    @Override
    public Map<String, Parameters> state() {
        return Map.of();
    }

    @Override
    public void close() {
        List.of(theta0, k, acc).forEach(Parameters::close);
    }
}

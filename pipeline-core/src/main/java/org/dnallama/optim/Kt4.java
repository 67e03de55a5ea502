package org.dnallama.optim;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.compute.AdamStep;
import org.dnallama.model.Parameters;

/**
 * The classical fourth-order Runge-Kutta method on AdamW's own flow: four gradients of one batch, each taken where the
 * one before leads, are averaged with weights 1/6, 1/3, 1/3, 1/6 and then drive one AdamW step. While the stages are
 * placed, the momentum and the preconditioner are frozen.
 *
 * <p>The stage differences tell the curvature along the path, z, in units of the step. Where z exceeds the guard, the
 * path is too stiff for the method; the step falls back to plain AdamW and saves the fourth gradient.
 *
 * <p>The method is this project's: the thesis that it is named after publishes no formula. See docs/adr/0004.
 */
public final class Kt4 extends CountedOptimizer {

    private final OptimizerSettings settings;
    private final Parameters m;
    private final Parameters v;
    private final Parameters theta0;
    private final Parameters den;
    private final Parameters g1;
    private final Parameters g2;
    private final Parameters g;
    private final Parameters acc;
    private final Map<String, Double> telemetry = new LinkedHashMap<>();

    /**
     * Moments at zero.
     *
     * @param settings its constants
     * @param like parameters of the layout that it will move
     */
    public Kt4(OptimizerSettings settings, Parameters like) {
        this.settings = settings;
        m = like.zerosLike();
        v = like.zerosLike();
        theta0 = like.zerosLike();
        den = like.zerosLike();
        g1 = like.zerosLike();
        g2 = like.zerosLike();
        g = like.zerosLike();
        acc = like.zerosLike();
    }

    @Override
    public double step(Parameters theta, GradientField field, double learningRate) {
        AdamStep step = settings.step(learningRate, steps() + 1);
        theta0.copyFrom(theta);
        double loss;
        Parameters ghat;
        try {
            loss = evaluate(1, theta, field, g1);
            Vectors.adamDenominator(den, v, g1, step);
            Vectors.setScaled(acc, 1.0 / 6, g1);

            place(theta, 0.5, g1, step);
            evaluate(2, theta, field, g2);
            Vectors.addScaled(acc, 1.0 / 3, g2);

            place(theta, 0.5, g2, step);
            evaluate(3, theta, field, g);
            Vectors.addScaled(acc, 1.0 / 3, g);

            double z = curvature();
            report(z, distance(g2, g1, theta), distance(g, g2, theta));
            if (settings.guard() > 0 && z > settings.guard()) {
                ghat = g1;
            } else {
                place(theta, 1, g, step);
                // g2 has done its work: stage 3's gradient moves there, so that g can take stage 4's.
                g2.copyFrom(g);
                evaluate(4, theta, field, g);
                Vectors.addScaled(acc, 1.0 / 6, g);
                telemetry.put("stageDifference4", distance(g, g2, theta));
                ghat = acc;
            }
        } finally {
            theta.copyFrom(theta0);
        }
        countStep();
        telemetry.put("fallbacks", (double) (4 * steps() - gradientEvaluations()));
        Vectors.adamW(theta, m, v, ghat, step);
        return loss;
    }

    /** Evaluates the field; a failure names the stage. */
    private double evaluate(int stage, Parameters theta, GradientField field, Parameters gradient) {
        try {
            return evaluate(field, theta, BatchPortion.WHOLE, gradient);
        } catch (NotFiniteException e) {
            throw new NotFiniteException("stage " + stage + " of 4: " + e.getMessage());
        }
    }

    /** theta = theta0 - fraction lr clamp((b1 m + (1-b1) g) / (bc1 den)). */
    private void place(Parameters theta, double fraction, Parameters gradient, AdamStep step) {
        for (int b = 0; b < theta.buckets().size(); b++) {
            theta.backend()
                    .placeStage(
                            Vectors.at(theta, b),
                            Vectors.at(theta0, b),
                            Vectors.at(m, b),
                            Vectors.at(gradient, b),
                            Vectors.at(den, b),
                            fraction,
                            step);
        }
    }

    /** z = -2 (g2-g1)(g3-g2) / (g2-g1)^2 in the preconditioned frame; exact on a one-dimensional quadratic. */
    private double curvature() {
        double dd = Vectors.differenceProduct(g2, g1, g2, g1, den);
        return dd > 0 ? -2 * Vectors.differenceProduct(g2, g1, g, g2, den) / dd : 0;
    }

    /** ||a - b||. Between two stages theta is free to hold the difference. */
    private static double distance(Parameters a, Parameters b, Parameters scratch) {
        scratch.copyFrom(a);
        Vectors.addScaled(scratch, -1, b);
        return Vectors.norm(scratch);
    }

    private void report(double z, double difference2, double difference3) {
        telemetry.clear();
        telemetry.put("z", z);
        telemetry.put("stageDifference2", difference2);
        telemetry.put("stageDifference3", difference3);
    }

    @Override
    public Map<String, Double> telemetry() {
        return java.util.Collections.unmodifiableMap(telemetry);
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
        List.of(m, v, theta0, den, g1, g2, g, acc).forEach(Parameters::close);
    }
}

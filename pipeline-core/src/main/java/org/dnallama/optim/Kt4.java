package org.dnallama.optim;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.StageDifferences;
import org.dnallama.model.Parameters;

/**
 * An explicit Runge-Kutta method on a flow: several gradients, each taken where those before it lead, are averaged and
 * then drive one step. {@code kt4} and {@code kt4-split} follow AdamW's own flow, with momentum and preconditioner
 * frozen while the stages are placed; {@code kt4-classic} follows the raw gradient. {@code kt4-split} shows each stage
 * its own part of the batch, so that a step costs what one of AdamW with accumulated gradients costs; the others show
 * all stages all.
 *
 * <p>The differences of the first three slopes tell the curvature along the path, z, in units of the step. Where z
 * exceeds the guard, the path is too stiff for the method: {@code kt4} then takes AdamW's step from the first gradient
 * and saves those that are left.
 *
 * <p>The method is this project's: the thesis that it is named after publishes no formula. See docs/kt4.md.
 */
public final class Kt4 extends CountedOptimizer {

    private final OptimizerSettings settings;
    private final Tableau tableau;
    private final Flow flow;
    private final Parameters start;
    private final List<Parameters> slopes = new ArrayList<>();
    private final Map<String, Double> telemetry = new LinkedHashMap<>();

    /**
     * Moments at zero.
     *
     * @param settings which of the variants, and its constants
     * @param like parameters of the layout that it will move
     */
    public Kt4(OptimizerSettings settings, Parameters like) {
        this.settings = settings;
        this.tableau = settings.tableau();
        this.flow = settings.kind() == OptimizerSettings.Kind.KT4_CLASSIC ? new GradientFlow() : new AdamFlow(like);
        this.start = like.zerosLike();
        Stream.generate(like::zerosLike).limit(tableau.stages()).forEach(slopes::add);
    }

    @Override
    public double step(Parameters theta, GradientField field, double learningRate) {
        AdamStep step = settings.step(learningRate, steps() + 1);
        List<BatchPortion> portions = portions(field);
        telemetry.clear();
        start.copyFrom(theta);
        double loss;
        Combination direction;
        try {
            loss = evaluate(0, theta, field, portions, step);
            flow.freeze(slopes.get(0), step);
            direction = climb(theta, field, portions, step);
        } catch (RuntimeException e) {
            theta.copyFrom(start);
            throw e;
        }
        flow.advance(theta, start, direction, step);
        countStep();
        return loss;
    }

    /** Takes the stages after the first; tells the direction of the step. */
    private Combination climb(Parameters theta, GradientField field, List<BatchPortion> portions, AdamStep step) {
        for (int stage = 1; stage < tableau.stages(); stage++) {
            flow.place(theta, start, tableau.node(stage), new Combination(slopes, tableau.towards(stage)), step);
            evaluate(stage, theta, field, portions, step);
            measure(stage);
            if (stage == 2 && isTooStiff()) {
                return Combination.of(slopes.get(0));
            }
        }
        return new Combination(slopes, tableau.weights());
    }

    private List<BatchPortion> portions(GradientField field) {
        return settings.kind() == OptimizerSettings.Kind.KT4_SPLIT
                ? tableau.portions(field.microBatches())
                : Collections.nCopies(tableau.stages(), BatchPortion.WHOLE);
    }

    /** Takes a stage's slope; a failure names the stage. */
    private double evaluate(
            int stage, Parameters theta, GradientField field, List<BatchPortion> portions, AdamStep step) {
        try {
            double loss = evaluate(field, theta, portions.get(stage), slopes.get(stage));
            flow.complete(slopes.get(stage), theta, step);
            return loss;
        } catch (NotFiniteException e) {
            throw new NotFiniteException("stage %d of %d: %s".formatted(stage + 1, tableau.stages(), e.getMessage()));
        }
    }

    /** Notes how far the stage's slope lies from the one before; the first three together tell the curvature. */
    private void measure(int stage) {
        if (stage == 2) {
            StageDifferences differences = flow.differences(slopes.get(0), slopes.get(1), slopes.get(2));
            telemetry.put("z", curvature(differences));
            telemetry.put("stageDifference2", Math.sqrt(differences.squared2()));
            telemetry.put("stageDifference3", Math.sqrt(differences.squared3()));
        } else if (stage > 2 || tableau.stages() == 2) {
            telemetry.put("stageDifference" + (stage + 1), Vectors.distance(slopes.get(stage), slopes.get(stage - 1)));
        }
    }

    /**
     * z, the mean of the curvature along g2 - g1 in the flow's frame, in units of the step; exact on a one-dimensional
     * quadratic. There g2 - g1 = -c2 z s and g3 - g2 = -z ((c3 - c2) s + a32 (g2 - g1)), with the first slope s, which
     * leaves z = ((c3 - c2) / c2 - (g3 - g2) / (g2 - g1)) / a32.
     */
    private double curvature(StageDifferences differences) {
        if (!(differences.weighted() > 0)) {
            return 0;
        }
        double c2 = tableau.node(1);
        double c3 = tableau.node(2);
        return ((c3 - c2) / c2 - differences.product() / differences.weighted()) / tableau.weight(2, 1);
    }

    private boolean isTooStiff() {
        if (settings.kind() != OptimizerSettings.Kind.KT4 || settings.guard() == 0) {
            return false;
        }
        boolean stiff = telemetry.getOrDefault("z", 0.0) > settings.guard();
        telemetry.put("fallback", stiff ? 1.0 : 0.0);
        return stiff;
    }

    @Override
    public Map<String, Double> telemetry() {
        return Collections.unmodifiableMap(telemetry);
    }

    @Override
    public Map<String, Parameters> state() {
        return flow.state();
    }

    @Override
    public void close() {
        flow.close();
        start.close();
        slopes.forEach(Parameters::close);
    }
}

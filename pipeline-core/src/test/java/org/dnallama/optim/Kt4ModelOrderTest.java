package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dnallama.optim.OptimizerSettings.Kind.KT4_CLASSIC;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.AdamStep;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.Parameters;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** KT4 is of order 4 on a language model's own loss, in float32. */
final class Kt4ModelOrderTest {

    private static final List<Batch> BATCHES = List.of(TinyModel.batch(4, 40, 0));
    private static final OptimizerSettings FLOW =
            new OptimizerSettings(OptimizerSettings.Kind.KT4, 0.5, 0.99, 1e-8, 0, 0, Tableau.CLASSIC_4);
    private static final long T = 10;

    private final Parameters theta = TinyModel.weights();
    private final double[] start = TinyModel.values(theta);
    private final Parameters gradient = theta.zerosLike();
    private final Lanes<LanguageModel> lanes = TinyModel.lanes(1);
    private final LocalGradientField field = TinyModel.field(lanes, theta, BATCHES);

    @AfterEach
    void close() {
        field.close();
        lanes.close();
        gradient.close();
        theta.close();
    }

    /** Halving the time step takes away all but a 16th of the error, and so moves the end by a 16th of what it did. */
    @Test
    void classicHalvingTheTimeStepDividesTheGlobalErrorByAbout16() {
        double[] coarse = classic(4);
        double[] finer = classic(8);
        double[] finest = classic(16);
        // The smaller change is 8e-6. Rounding 20,000 numbers of size 0.1 in each of 16 steps makes 1e-6 of it, so that
        // the ratio is known to a few per cent; methods of order 3 and 5 would show 8 and 32.
        assertThat(distance(coarse, finer) / distance(finer, finest)).isBetween(14.0, 20.0);
    }

    private double[] classic(int steps) {
        TinyModel.set(theta, start);
        try (Kt4 optimizer = new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta)) {
            for (int i = 0; i < steps; i++) {
                optimizer.step(theta, field, 0.2 / steps);
            }
        }
        return TinyModel.values(theta);
    }

    @Test
    void halvingTheLearningRateDividesTheLocalErrorByAbout32() {
        double before = localError(0.04);
        for (double learningRate : new double[] {0.02, 0.01, 0.005}) {
            double error = localError(learningRate);
            // Terms of the next order come on top, as in float64. The last error is 1.5e-7, and what rounding the mean
            // gradient to float32 adds to it is below 1e-9.
            assertThat(before / error).as("learning rate %s", learningRate).isBetween(28.0, 36.0);
            before = error;
        }
    }

    /** Distance between where the frozen flow leads in one step and where KT4's mean gradient leads. */
    private double localError(double learningRate) {
        TinyModel.set(theta, start);
        try (Kt4 optimizer = new Kt4(FLOW, theta)) {
            optimizer.resume(T - 1, 0);
            Parameters m = Toy.moment(optimizer, "m");
            Parameters v = Toy.moment(optimizer, "v");
            RandomGenerator random = new Seeds(5).stream("moments");
            TinyModel.set(m, random.doubles(start.length, -1e-3, 1e-3).toArray());
            // So large that no stage's move comes near the clamp.
            TinyModel.set(v, random.doubles(start.length, 3e-3, 5e-3).toArray());
            double[] momentum = TinyModel.values(m);
            double[] rate = rates(learningRate, TinyModel.values(v), gradient(start));
            double[] exact = ExactFlow.end(x -> slope(x, momentum, rate), start, 16);

            TinyModel.set(theta, start);
            optimizer.step(theta, field, learningRate);
            // The new first moment is b1 m + (1-b1) ghat: the mean slope.
            double[] mean = TinyModel.values(m);
            double[] end = new double[start.length];
            Arrays.setAll(end, i -> start[i] - rate[i] * mean[i]);
            return distance(end, exact);
        }
    }

    private static double[] rates(double learningRate, double[] v, double[] g1) {
        AdamStep step = FLOW.step(learningRate, T);
        double[] rates = new double[v.length];
        Arrays.setAll(rates, i -> {
            double second = step.beta2() * v[i] + (1 - step.beta2()) * g1[i] * g1[i];
            return learningRate / (step.correction1() * (Math.sqrt(second / step.correction2()) + step.epsilon()));
        });
        return rates;
    }

    private double[] slope(double[] x, double[] m, double[] rate) {
        double[] slope = gradient(x);
        Arrays.setAll(slope, i -> -rate[i] * (FLOW.beta1() * m[i] + (1 - FLOW.beta1()) * slope[i]));
        return slope;
    }

    private double[] gradient(double[] x) {
        TinyModel.set(theta, x);
        field.evaluate(theta, BatchPortion.WHOLE, gradient);
        return TinyModel.values(gradient);
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return Math.sqrt(sum);
    }
}

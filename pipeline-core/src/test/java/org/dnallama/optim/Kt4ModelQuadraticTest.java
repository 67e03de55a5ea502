package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.dnallama.optim.OptimizerSettings.Kind.KT4_CLASSIC;

import java.util.Arrays;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.dnallama.compute.AdamStep;
import org.dnallama.config.Seeds;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;

/**
 * Those of KT4's properties that speak of quadratics, with a language model's parameters in float32 and the kernels
 * that train it. A language model's loss is no quadratic, and there they say nothing; so the gradient here is that of a
 * quadratic over all of its 20,000 parameters, worked out in float64 and rounded once, and the step is the real one.
 */
final class Kt4ModelQuadraticTest {

    /** Half the distance from 1 to the next number of float32. */
    private static final double ROUNDING = 6e-8;

    private static final long T = 10;
    private static final double LEARNING_RATE = 0.3;

    private final Parameters theta = TinyModel.weights();
    private final int count = TinyModel.values(theta).length;

    private static GradientField field(UnaryOperator<double[]> gradient) {
        return (theta, portion, target) -> {
            TinyModel.set(target, gradient.apply(TinyModel.values(theta)));
            return 1;
        };
    }

    private double[] random(String name, double from, double to) {
        RandomGenerator random = new Seeds(5).stream(name);
        return random.doubles(count, from, to).toArray();
    }

    /** Neighbours that pull at each other: curvatures from 1 to 2.8. */
    private static double[] pulled(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            double before = i == 0 ? 0 : x[i - 1];
            double after = i + 1 == x.length ? 0 : x[i + 1];
            y[i] = (1.4 + 0.5 * (i % 3)) * x[i] + 0.2 * (before + after);
        }
        return y;
    }

    @Test
    void aClassicStepIsTheTaylorPolynomialOfTheExponential() {
        TinyModel.set(theta, random("start", -1, 1));
        double[] term = TinyModel.values(theta);
        double[] expected = term.clone();
        new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta)
                .step(theta, field(Kt4ModelQuadraticTest::pulled), LEARNING_RATE);
        for (int order = 1; order <= 4; order++) {
            term = pulled(term);
            for (int i = 0; i < count; i++) {
                term[i] *= -LEARNING_RATE / order;
                expected[i] += term[i];
            }
        }
        // Points below 1.5 and slopes below 3 are each rounded a dozen times, and all are weighed with 1 or less.
        assertThat(Toy.distance(TinyModel.values(theta), expected)).isLessThan(12 * 3 * ROUNDING);
    }

    @Test
    void theStagesAddUpToAPolynomialOfTheCurvature() {
        TinyModel.set(theta, random("start", -1, 1));
        double[] start = TinyModel.values(theta);
        Kt4 optimizer = new Kt4(Toy.PLAIN, theta);
        optimizer.resume(T - 1, 0);
        // So large that no move comes near the clamp.
        TinyModel.set(Toy.moment(optimizer, "v"), random("v", 0.05, 0.1));
        double[] v = TinyModel.values(Toy.moment(optimizer, "v"));
        optimizer.step(theta, field(Kt4ModelQuadraticTest::pulled), LEARNING_RATE);

        AdamStep step = Toy.PLAIN.step(LEARNING_RATE, T);
        double[] g1 = pulled(start);
        double[] move = new double[count];
        for (int i = 0; i < count; i++) {
            double second = step.beta2() * v[i] + (1 - step.beta2()) * g1[i] * g1[i];
            move[i] = LEARNING_RATE
                    * (1 - step.beta1())
                    / step.correction1()
                    / (Math.sqrt(second / step.correction2()) + step.epsilon());
        }
        UnaryOperator<double[]> x = g -> {
            double[] moved = g.clone();
            Arrays.setAll(moved, i -> move[i] * g[i]);
            return pulled(moved);
        };
        double[] xg = x.apply(g1);
        double[] xxg = x.apply(xg);
        double[] xxxg = x.apply(xxg);
        double[] expected = new double[count];
        Arrays.setAll(expected, i -> g1[i] - xg[i] / 2 + xxg[i] / 6 - xxxg[i] / 24);
        double[] ghat = TinyModel.values(Toy.moment(optimizer, "m"));
        for (int i = 0; i < count; i++) {
            ghat[i] /= 1 - step.beta1();
        }
        // Gradients below 3, of points below 1.5 on a curvature of up to 2.8, are each rounded a dozen times.
        assertThat(Toy.distance(ghat, expected)).isLessThan(12 * 1.5 * 2.8 * ROUNDING);
    }

    /** With one curvature in all directions and one denominator, every path is a parabola. */
    @Test
    void onAParabolaTheCurvatureIsExact() {
        double curvature = 1.7;
        double distance = 1.3;
        double[] signs = random("sign", -1, 1);
        Arrays.setAll(signs, i -> distance * Math.signum(signs[i]));
        TinyModel.set(theta, signs);
        Kt4 optimizer = new Kt4(Toy.PLAIN, theta);
        optimizer.resume(T - 1, 0);
        double[] v = new double[count];
        Arrays.fill(v, 0.01);
        TinyModel.set(Toy.moment(optimizer, "v"), v);
        optimizer.step(
                theta,
                field(x -> {
                    double[] g = x.clone();
                    Arrays.setAll(g, i -> curvature * x[i]);
                    return g;
                }),
                LEARNING_RATE);

        AdamStep step = Toy.PLAIN.step(LEARNING_RATE, T);
        double g1 = curvature * distance;
        double den = Math.sqrt((0.999 * 0.01 + (1 - 0.999) * g1 * g1) / step.correction2()) + 1e-8;
        double z = curvature * LEARNING_RATE * (1 - 0.9) / (step.correction1() * den);
        // g3 - g2 is z²/4 of a gradient, and each gradient is rounded by a part of ROUNDING: of all numbers alike.
        assertThat(Toy.told(optimizer, "z")).isCloseTo(z, within(8 * ROUNDING / z));
    }

    @Test
    void classicIsStableUpToALearningRateTimesCurvatureOf2Point785() {
        // |1 - z + z^2/2 - z^3/6 + z^4/24| is 0.993 at z = 2.78 and 1.006 at 2.79: far from 1 beside ROUNDING.
        assertThat(growthIn1000Steps(2.78)).isLessThan(0.01);
        assertThat(growthIn1000Steps(2.79)).isGreaterThan(100);
    }

    private double growthIn1000Steps(double learningRate) {
        TinyModel.set(theta, random("start", -1, 1));
        double before = Vectors.norm(theta);
        Kt4 optimizer = new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta);
        GradientField unit = (at, portion, gradient) -> {
            gradient.copyFrom(at);
            return 1;
        };
        for (int i = 0; i < 1000; i++) {
            optimizer.step(theta, unit, learningRate);
        }
        return Vectors.norm(theta) / before;
    }
}

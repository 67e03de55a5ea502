package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.dnallama.compute.AdamStep;
import org.dnallama.model.Parameters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** KT4 is of its tableau's order p: its error in one step falls with the power p + 1 of the learning rate. */
final class Kt4OrderTest {

    private static final OptimizerSettings SETTINGS =
            new OptimizerSettings(OptimizerSettings.Kind.KT4, 0.5, 0.99, 1e-8, 0, 0, Tableau.CLASSIC_4);
    private static final double[] START = {0.4, -0.7, 1.1};
    private static final double[] M = {0.3, -0.1, 0.2};
    // So large that no stage's move comes near the clamp.
    private static final double[] V = {4, 3, 5};
    private static final long T = 10;

    private static double[] gradient(double[] x) {
        return new double[] {
            Math.sin(3 * x[0]) + x[1] * x[2], Math.exp(x[1]) + x[0] * x[2], x[2] * x[2] * x[2] + x[0] * x[1]
        };
    }

    static Stream<Tableau> tableaux() {
        return Tableau.byName().values().stream();
    }

    /** 32 for the classical method. */
    @ParameterizedTest
    @MethodSource("tableaux")
    void halvingTheLearningRateDividesTheLocalErrorAsTheOrderSays(Tableau tableau) {
        double factor = Math.pow(2, tableau.order() + 1);
        double before = localError(tableau, 0.8);
        for (double learningRate : new double[] {0.4, 0.2, 0.1}) {
            double error = localError(tableau, learningRate);
            // Terms of the next order come on top; they fade as the rate falls.
            assertThat(before / error).as("learning rate %s", learningRate).isBetween(0.87 * factor, 1.13 * factor);
            before = error;
        }
    }

    /** Distance between where the frozen flow leads in one step and where KT4's mean gradient leads. */
    private static double localError(Tableau tableau, double learningRate) {
        AdamStep step = SETTINGS.step(learningRate, T);
        double[] g1 = gradient(START);
        double[] rate = new double[3];
        for (int i = 0; i < 3; i++) {
            double second = step.beta2() * V[i] + (1 - step.beta2()) * g1[i] * g1[i];
            rate[i] = learningRate / (step.correction1() * (Math.sqrt(second / step.correction2()) + 1e-8));
        }

        Parameters theta = Toy.parameters(START);
        Kt4 optimizer = new Kt4(Toy.with(SETTINGS, tableau), theta);
        optimizer.resume(T - 1, 4 * (T - 1));
        Toy.set(Toy.moment(optimizer, "m"), M);
        Toy.set(Toy.moment(optimizer, "v"), V);
        optimizer.step(theta, Toy.field(Kt4OrderTest::gradient), learningRate);

        // The new first moment is b1 m + (1-b1) ghat: the mean slope. (The step itself divides by the new v instead.)
        double[] mean = Toy.values(Toy.moment(optimizer, "m"));
        double[] end = new double[3];
        for (int i = 0; i < 3; i++) {
            end[i] = START[i] - rate[i] * mean[i];
        }
        return Toy.distance(end, exactFlow(rate));
    }

    /** d(theta)/ds = -rate (b1 m + (1-b1) g(theta)) from s = 0 to 1, in steps so short that its error is 1e-14. */
    private static double[] exactFlow(double[] rate) {
        return ExactFlow.end(x -> slope(rate, x), START, 2000);
    }

    private static double[] slope(double[] rate, double[] x) {
        double[] g = gradient(x);
        for (int i = 0; i < 3; i++) {
            g[i] = -rate[i] * (0.5 * M[i] + 0.5 * g[i]);
        }
        return g;
    }
}

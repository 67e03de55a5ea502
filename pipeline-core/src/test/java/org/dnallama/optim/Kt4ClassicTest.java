package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dnallama.optim.OptimizerSettings.Kind.KT4_CLASSIC;

import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;

final class Kt4ClassicTest {

    @Test
    void onAQuadraticOneStepIsTheTaylorPolynomialOfTheExponential() {
        double[][] h = {{3, 1}, {1, 2}};
        double weightDecay = 0.1;
        double[][] decayed = {{3.1, 1}, {1, 2.1}};
        double[] start = {1, -2};
        double time = 0.2;
        Parameters theta = Toy.parameters(start);
        Kt4 optimizer = new Kt4(Toy.with(weightDecay, 0).withKind(KT4_CLASSIC), theta);
        optimizer.step(theta, Toy.quadratic(h), time);

        double[] term = start;
        double[] expected = start.clone();
        for (int order = 1; order <= 4; order++) {
            term = Toy.times(decayed, term);
            for (int i = 0; i < 2; i++) {
                term[i] *= -time / order;
                expected[i] += term[i];
            }
        }
        // Numbers of size 1, a dozen roundings of 1e-16.
        assertThat(Toy.distance(Toy.values(theta), expected)).isLessThan(2e-15);
        assertThat(optimizer.gradientEvaluations()).isEqualTo(4);
    }

    @Test
    void onlyDecayedBucketsDecay() {
        Parameters theta = Toy.parameters(new double[] {1}, new double[] {1});
        new Kt4(Toy.with(0.5, 0).withKind(KT4_CLASSIC), theta).step(theta, Toy.field(x -> new double[2]), 0.1);
        // exp(-0.05), short of its terms from the fifth on: 0.05^5 / 120 = 3e-9.
        assertThat(Toy.values(theta)[0]).isCloseTo(Math.exp(-0.05), within(3e-9));
        assertThat(Toy.values(theta)[1]).isEqualTo(1);
    }

    @Test
    void halvingTheTimeStepDividesTheGlobalErrorByAbout16() {
        double before = globalError(5);
        for (int steps : new int[] {10, 20, 40, 80}) {
            double error = globalError(steps);
            // 2^4, and terms of the next order, which are small on this curve; 1e-12 is far above rounding.
            assertThat(before / error).as("%d steps", steps).isBetween(15.8, 16.2);
            before = error;
        }
    }

    /** Error at time 1 on the flow dx/dt = -sin x from x = 2, which is at 2 atan(tan(1) exp(-t)). */
    private static double globalError(int steps) {
        Parameters theta = Toy.parameters(2);
        Kt4 optimizer = new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta);
        for (int i = 0; i < steps; i++) {
            optimizer.step(theta, Toy.field(x -> new double[] {Math.sin(x[0])}), 1.0 / steps);
        }
        return Math.abs(Toy.values(theta)[0] - 2 * Math.atan(Math.tan(1) * Math.exp(-1)));
    }

    @Test
    void itIsStableUpToALearningRateTimesCurvatureOf2Point785() {
        // |1 - z + z^2/2 - z^3/6 + z^4/24| is 0.993 at z = 2.78 and 1.006 at 2.79.
        assertThat(Math.abs(after1000Steps(2.78))).isLessThan(0.01);
        assertThat(Math.abs(after1000Steps(2.79))).isGreaterThan(100);
    }

    private static double after1000Steps(double learningRate) {
        Parameters theta = Toy.parameters(1);
        Kt4 optimizer = new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta);
        for (int i = 0; i < 1000; i++) {
            optimizer.step(theta, Toy.quadratic(new double[][] {{1}}), learningRate);
        }
        return Toy.values(theta)[0];
    }

    @Test
    void aStageThatFailsLeavesThetaAndIsNamed() {
        Parameters theta = Toy.parameters(1);
        Kt4 optimizer = new Kt4(Toy.PLAIN.withKind(KT4_CLASSIC), theta);
        int[] calls = {0};
        GradientField field = new ClippedField(Toy.field(x -> new double[] {++calls[0] == 3 ? Double.NaN : 1}), 0);
        assertThatThrownBy(() -> optimizer.step(theta, field, 0.1))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("stage 3 of 4");
        assertThat(Toy.values(theta)).containsExactly(1);
        assertThat(optimizer.steps()).isZero();
    }
}

package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dnallama.compute.AdamStep;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The properties that follow from KT4's definition; {@link Kt4OrderTest} has the order of its error. */
final class Kt4Test {

    private static final double[][] H = {{3, 1, 0.5}, {1, 2, -0.4}, {0.5, -0.4, 1}};

    /** Some units of 1e-16 in numbers of size 1. */
    private static final double ROUNDING = 2e-15;

    @Test
    void withAllStagesFrozenToTheFirstItIsAdamW() {
        GradientField quadratic = Toy.quadratic(H);
        int[] calls = {0};
        double[][] first = {null};
        GradientField frozen = Toy.field(theta -> {
            if (calls[0]++ % 4 == 0) {
                first[0] = Toy.times(H, theta);
            }
            return first[0];
        });
        assertSameAsAdamW(frozen, quadratic);
    }

    @Test
    void onAConstantGradientItIsAdamWClippedOrNot() {
        GradientField constant = Toy.field(theta -> new double[] {3, -4, 0.01});
        assertSameAsAdamW(constant, constant);
        assertSameAsAdamW(new ClippedField(constant, 1), new ClippedField(constant, 1));
    }

    private static void assertSameAsAdamW(GradientField forKt4, GradientField forAdamW) {
        OptimizerSettings settings = Toy.with(0.1, 2);
        Parameters moved = Toy.parameters(new double[] {1, -2}, new double[] {0.5});
        Parameters expected = Toy.parameters(new double[] {1, -2}, new double[] {0.5});
        Kt4 kt4 = new Kt4(settings, moved);
        AdamW adamW = new AdamW(settings, expected);
        for (int step = 1; step <= 30; step++) {
            double learningRate = 0.05 / step;
            kt4.step(moved, forKt4, learningRate);
            adamW.step(expected, forAdamW, learningRate);
            assertThat(Toy.values(moved)).isEqualTo(Toy.values(expected));
        }
        assertThat(kt4.gradientEvaluations()).isEqualTo(4 * 30);
        assertThat(kt4.telemetry()).containsEntry("z", 0.0);
    }

    @Test
    void onAQuadraticTheStagesAddUpToAPolynomialOfTheCurvature() {
        Parameters theta = Toy.parameters(1, -2, 0.5);
        double[] g1 = Toy.times(H, Toy.values(theta));
        double learningRate = 0.3;
        Kt4 optimizer = new Kt4(Toy.PLAIN, theta);
        optimizer.step(theta, Toy.quadratic(H), learningRate);

        // Step 1 from no momentum: a stage moves by lr g / den, so X = H diag(lr / den) with den = |g1| + eps.
        double[][] x = new double[3][3];
        for (int i = 0; i < 3; i++) {
            for (int j = 0; j < 3; j++) {
                x[i][j] = H[i][j] * learningRate / (Math.abs(g1[j]) + 1e-8);
            }
        }
        double[] xg = Toy.times(x, g1);
        double[] xxg = Toy.times(x, xg);
        double[] xxxg = Toy.times(x, xxg);
        double[] ghat = Arrays.stream(Toy.values(Toy.moment(optimizer, "m")))
                .map(m -> m / (1 - 0.9))
                .toArray();
        for (int i = 0; i < 3; i++) {
            // phi(z) = 1 - z/2 + z^2/6 - z^3/24
            double expected = g1[i] - xg[i] / 2 + xxg[i] / 6 - xxxg[i] / 24;
            assertThat(ghat[i]).isCloseTo(expected, within(ROUNDING));
        }
    }

    static Stream<Tableau> ofThreeStagesOrMore() {
        return Tableau.byName().values().stream().filter(tableau -> tableau.stages() > 2);
    }

    @ParameterizedTest
    @MethodSource("ofThreeStagesOrMore")
    void onAParabolaTheCurvatureIsExact(Tableau tableau) {
        double curvature = 1.7;
        double learningRate = 0.4;
        Parameters theta = Toy.parameters(1.3);
        Kt4 optimizer = new Kt4(Toy.with(Toy.PLAIN, tableau), theta);
        optimizer.resume(4, 16);
        Toy.set(Toy.moment(optimizer, "m"), 0.2);
        Toy.set(Toy.moment(optimizer, "v"), 0.9);
        AdamStep step = Toy.PLAIN.step(learningRate, 5);
        double g1 = curvature * 1.3;
        double den = Math.sqrt((0.999 * 0.9 + (1 - 0.999) * g1 * g1) / step.correction2()) + 1e-8;

        optimizer.step(theta, Toy.quadratic(new double[][] {{curvature}}), learningRate);

        double z = curvature * learningRate * (1 - 0.9) / (step.correction1() * den);
        // Differences of gradients that differ by 1 part in 100 lose two of sixteen digits, in 1000 one more.
        assertThat(Toy.told(optimizer, "z")).isCloseTo(z, within(tableau == Tableau.CHEBYSHEV_4 ? 1e-11 : 1e-13));
    }

    @Test
    void ofTwoStagesItTellsNoCurvatureAndHasNoGuard() {
        Parameters theta = Toy.parameters(1);
        Kt4 optimizer = new Kt4(Toy.with(Toy.with(0, 2), Tableau.HEUN_2), theta);
        optimizer.step(theta, Toy.quadratic(new double[][] {{1}}), 2.01);
        assertThat(optimizer.telemetry()).containsOnlyKeys("stageDifference2");
        assertThat(optimizer.gradientEvaluations()).isEqualTo(2);
    }

    @Test
    void tellsHowFarTheGradientsOfTwoStagesLieApart() {
        List<double[]> gradients = new ArrayList<>();
        GradientField field = Toy.field(theta -> {
            double[] gradient = Toy.times(H, theta);
            gradients.add(gradient);
            return gradient;
        });
        Parameters theta = Toy.parameters(1, -2, 0.5);
        Kt4 optimizer = new Kt4(Toy.PLAIN, theta);
        optimizer.step(theta, field, 0.3);
        for (int stage = 2; stage <= 4; stage++) {
            double[] later = gradients.get(stage - 1);
            double[] earlier = gradients.get(stage - 2);
            double expected = Math.sqrt(Math.pow(later[0] - earlier[0], 2)
                    + Math.pow(later[1] - earlier[1], 2)
                    + Math.pow(later[2] - earlier[2], 2));
            assertThat(expected).isGreaterThan(1e-4);
            assertThat(Toy.told(optimizer, "stageDifference" + stage)).isCloseTo(expected, within(ROUNDING));
        }
    }

    @Test
    void aStiffPathFallsBackToAdamWAndSavesAGradient() {
        OptimizerSettings settings = Toy.with(0.1, 2);
        GradientField parabola = Toy.quadratic(new double[][] {{1}});
        // On the first step from theta = 1 on a parabola of curvature 1, z is the learning rate (but for eps).
        Parameters theta = Toy.parameters(1);
        Kt4 below = new Kt4(settings, theta);
        below.step(theta, parabola, 1.99);
        assertThat(below.gradientEvaluations()).isEqualTo(4);
        assertThat(below.telemetry()).containsEntry("fallback", 0.0).containsKey("stageDifference4");

        Parameters fallen = Toy.parameters(1);
        Parameters expected = Toy.parameters(1);
        Kt4 above = new Kt4(settings, fallen);
        AdamW adamW = new AdamW(settings, expected);
        above.step(fallen, parabola, 2.01);
        adamW.step(expected, parabola, 2.01);
        assertThat(above.gradientEvaluations()).isEqualTo(3);
        assertThat(above.telemetry()).containsEntry("fallback", 1.0).doesNotContainKey("stageDifference4");
        assertThat(Toy.values(fallen)).isEqualTo(Toy.values(expected));
        assertThat(Toy.values(Toy.moment(above, "m"))).isEqualTo(Toy.values(Toy.moment(adamW, "m")));
        assertThat(Toy.values(Toy.moment(above, "v"))).isEqualTo(Toy.values(Toy.moment(adamW, "v")));

        Parameters unguarded = Toy.parameters(1);
        Kt4 off = new Kt4(Toy.with(0.1, 0), unguarded);
        off.step(unguarded, parabola, 2.01);
        assertThat(off.gradientEvaluations()).isEqualTo(4);
    }

    @Test
    void aRowThatTheFirstStageDidNotTouchMovesByAtMostTheLearningRate() {
        // Number 0 moves away from 1, and only then the row, numbers 1 and 2, gets gradients, and large ones.
        double learningRate = 0.01;
        List<double[]> visited = new ArrayList<>();
        GradientField field = Toy.field(theta -> {
            visited.add(theta);
            return new double[] {theta[0], 1e4 * (theta[0] - 1), -3e4 * (theta[0] - 1)};
        });
        Parameters theta = Toy.parameters(1, 0, 0);
        new Kt4(Toy.PLAIN, theta).step(theta, field, learningRate);
        visited.add(Toy.values(theta));

        double stagesMove = learningRate * Toy.PLAIN.step(learningRate, 1).mostMove();
        assertThat(visited).hasSize(5);
        for (double[] point : visited) {
            assertThat(Math.abs(point[1])).isLessThanOrEqualTo(stagesMove);
            assertThat(Math.abs(point[2])).isLessThanOrEqualTo(stagesMove);
        }
        double[] end = visited.get(4);
        assertThat(Math.abs(end[1])).isGreaterThan(0).isLessThanOrEqualTo(learningRate);
        assertThat(Math.abs(end[2])).isGreaterThan(0).isLessThanOrEqualTo(learningRate);
    }

    @Test
    void fourEvaluationsOfTheWholeBatchAndTheLossOfTheFirst() {
        List<BatchPortion> portions = new ArrayList<>();
        GradientField field = (theta, portion, gradient) -> {
            portions.add(portion);
            Toy.set(gradient, Toy.times(H, Toy.values(theta)));
            return 10 + portions.size();
        };
        Parameters theta = Toy.parameters(1, -2, 0.5);
        assertThat(new Kt4(Toy.PLAIN, theta).step(theta, field, 0.01)).isEqualTo(11);
        assertThat(portions).hasSize(4).containsOnly(BatchPortion.WHOLE);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void aStageThatFailsLeavesNoTraceAndIsNamed(int failing) {
        Parameters theta = Toy.parameters(1, -2, 0.5);
        Parameters untroubled = Toy.parameters(1, -2, 0.5);
        Kt4 optimizer = new Kt4(Toy.PLAIN, theta);
        Kt4 other = new Kt4(Toy.PLAIN, untroubled);
        optimizer.step(theta, Toy.quadratic(H), 0.1);
        other.step(untroubled, Toy.quadratic(H), 0.1);

        int[] calls = {0};
        GradientField diverging = (at, portion, gradient) -> {
            Toy.set(gradient, Toy.times(H, Toy.values(at)));
            return ++calls[0] == failing ? Double.NaN : 1;
        };
        assertThatThrownBy(() -> optimizer.step(theta, new ClippedField(diverging, 1), 0.1))
                .isInstanceOf(NotFiniteException.class)
                .hasMessageContaining("stage " + failing + " of 4: the loss is NaN");
        calls[0] = 0;
        GradientField crashing = (at, portion, gradient) -> {
            if (++calls[0] == failing) {
                throw new IllegalStateException("lost");
            }
            return Toy.quadratic(H).evaluate(at, portion, gradient);
        };
        assertThatThrownBy(() -> optimizer.step(theta, crashing, 0.1)).hasMessage("lost");

        assertThat(Toy.values(theta)).isEqualTo(Toy.values(untroubled));
        assertThat(optimizer.steps()).isEqualTo(1);
        assertThat(optimizer.gradientEvaluations()).isEqualTo(4 + 2 * failing);
        optimizer.step(theta, Toy.quadratic(H), 0.1);
        other.step(untroubled, Toy.quadratic(H), 0.1);
        assertThat(Toy.values(theta)).isEqualTo(Toy.values(untroubled));
    }
}

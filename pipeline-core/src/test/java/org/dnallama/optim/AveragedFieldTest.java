package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two ranks that share every stage's gradient train like one worker on both their batches, equal in size or not. */
final class AveragedFieldTest {

    private static final int STEPS = 25;
    private static final int ROWS = 8;
    private static final double[] START = {0.4, -0.7, 1.1};

    /** Rows of three features; the label is the sine of their sum. */
    private static final double[][] FEATURES = new double[ROWS][];

    static {
        for (int row = 0; row < ROWS; row++) {
            FEATURES[row] = new Seeds(3).stream("row", row).doubles(3, -2, 2).toArray();
        }
    }

    private record Run(double[] theta, List<Double> losses, long evaluations, double fallbacks) {}

    /** The first rank's rows; the second has the others, and may have none. */
    @ParameterizedTest
    @ValueSource(ints = {4, 3, 7, 8})
    void twoRanksAreOneWorkerOnTheJoinedBatch(int rows) throws Exception {
        Run inParts = train(new LeastSquares(0, rows, ROWS), new SingleRank());
        Run inOne = train(new LeastSquares(0, ROWS, ROWS), new SingleRank());
        List<Run> ranks = new TwoRanks(ReferenceBackend::values, ReferenceBackend::set)
                .run(group -> train(
                        group.rank() == 0 ? new LeastSquares(0, rows, rows) : new LeastSquares(rows, ROWS, ROWS),
                        group));

        // The guard decides from shared gradients, so all fall back together, now and then but not always.
        assertThat(inOne.fallbacks).isBetween(1.0, STEPS - 1.0);
        for (Run rank : ranks) {
            // One worker that adds up the same parts gives the same bits.
            assertThat(rank.theta).isEqualTo(inParts.theta);
            assertThat(rank.losses).isEqualTo(inParts.losses);
            assertThat(rank.evaluations).isEqualTo(inOne.evaluations);
            // The same sums in another order: roundings of 1e-16, carried through 25 steps.
            assertThat(Toy.distance(rank.theta, inOne.theta)).isLessThan(1e-12);
            for (int i = 0; i < STEPS; i++) {
                assertThat(Math.abs(rank.losses.get(i) - inOne.losses.get(i))).isLessThan(1e-12);
            }
        }
    }

    private static Run train(LeastSquares rows, AllReduce ranks) {
        OptimizerSettings settings = Toy.with(0.01, 0.5);
        Parameters theta = Toy.parameters(START);
        GradientField field = new ClippedField(new AveragedField(rows, ranks), 1);
        Kt4 optimizer = new Kt4(settings, theta);
        List<Double> losses = new ArrayList<>();
        double fallbacks = 0;
        for (int step = 1; step <= STEPS; step++) {
            losses.add(optimizer.step(theta, field, 0.3));
            fallbacks += Toy.told(optimizer, "fallback");
        }
        return new Run(Toy.values(theta), losses, optimizer.gradientEvaluations(), fallbacks);
    }

    /** (tanh(x w) - y)^2 / 2 of some rows, summed up to a cut and from there on. */
    private record LeastSquares(int from, int cut, int to) implements LocalField {

        @Override
        public long targets(BatchPortion portion) {
            return to - from;
        }

        @Override
        public double sum(
                Parameters theta, BatchPortion portion, double scale, Parameters gradient, IntConsumer finished) {
            double[] w = Toy.values(theta);
            double[] g = new double[w.length];
            double[] after = new double[w.length];
            double loss = add(from, cut, w, scale, g) + add(cut, to, w, scale, after);
            for (int i = 0; i < g.length; i++) {
                g[i] += after[i];
            }
            Toy.set(gradient, g);
            finished.accept(0);
            return loss;
        }

        private static double add(int first, int end, double[] w, double scale, double[] g) {
            double loss = 0;
            for (int row = first; row < end; row++) {
                double[] x = FEATURES[row];
                double out = Math.tanh(Toy.dot(x, w));
                double error = out - Math.sin(x[0] + x[1] + x[2]);
                loss += error * error / 2;
                for (int i = 0; i < g.length; i++) {
                    g[i] += scale * error * (1 - out * out) * x[i];
                }
            }
            return loss;
        }
    }

    @Test
    void batchWithoutTargetsIsNoMean() {
        Parameters theta = Toy.parameters(START);
        AveragedField field = new AveragedField(new LeastSquares(2, 2, 2), new SingleRank());
        assertThatThrownBy(() -> field.evaluate(theta, BatchPortion.WHOLE, theta.zerosLike()))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("the batch has no target");
    }
}

package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Buffer;
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
        Run joined = train(0, ROWS, new SingleRank());
        double[][] board = new double[2][];
        CyclicBarrier barrier = new CyclicBarrier(2);
        List<Run> ranks = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<Run> first = threads.submit(() -> train(0, rows, new Pair(0, board, barrier)));
            Future<Run> second = threads.submit(() -> train(rows, ROWS, new Pair(1, board, barrier)));
            ranks.add(first.get(30, TimeUnit.SECONDS));
            ranks.add(second.get(30, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }

        assertThat(ranks.get(0).theta).isEqualTo(ranks.get(1).theta);
        assertThat(ranks.get(0).losses).isEqualTo(ranks.get(1).losses);
        // The guard decides from shared gradients, so all fall back together, now and then but not always.
        assertThat(joined.fallbacks).isBetween(1.0, STEPS - 1.0);
        for (Run rank : ranks) {
            assertThat(rank.evaluations).isEqualTo(joined.evaluations);
            // The same sums in another order: roundings of 1e-16, carried through 25 steps.
            assertThat(Toy.distance(rank.theta, joined.theta)).isLessThan(1e-12);
            for (int i = 0; i < STEPS; i++) {
                assertThat(Math.abs(rank.losses.get(i) - joined.losses.get(i))).isLessThan(1e-12);
            }
        }
    }

    private static Run train(int from, int to, AllReduce ranks) {
        OptimizerSettings settings = Toy.with(0.01, 0.5);
        Parameters theta = Toy.parameters(START);
        GradientField field = new ClippedField(new AveragedField(new LeastSquares(from, to), ranks), 1);
        Kt4 optimizer = new Kt4(settings, theta);
        List<Double> losses = new ArrayList<>();
        for (int step = 1; step <= STEPS; step++) {
            losses.add(optimizer.step(theta, field, 0.3));
        }
        return new Run(Toy.values(theta), losses, optimizer.gradientEvaluations(), Toy.told(optimizer, "fallbacks"));
    }

    /** (tanh(x w) - y)^2 / 2 of some rows. */
    private record LeastSquares(int from, int to) implements LocalField {

        @Override
        public long targets(BatchPortion portion) {
            return to - from;
        }

        @Override
        public double sum(Parameters theta, BatchPortion portion, double scale, Parameters gradient) {
            double[] w = Toy.values(theta);
            double[] g = new double[w.length];
            double loss = 0;
            for (int row = from; row < to; row++) {
                double[] x = FEATURES[row];
                double out = Math.tanh(Toy.dot(x, w));
                double error = out - Math.sin(x[0] + x[1] + x[2]);
                loss += error * error / 2;
                for (int i = 0; i < g.length; i++) {
                    g[i] += scale * error * (1 - out * out) * x[i];
                }
            }
            Toy.set(gradient, g);
            return loss;
        }
    }

    @Test
    void batchWithoutTargetsIsNoMean() {
        Parameters theta = Toy.parameters(START);
        AveragedField field = new AveragedField(new LeastSquares(2, 2), new SingleRank());
        assertThatThrownBy(() -> field.evaluate(theta, BatchPortion.WHOLE, theta.zerosLike()))
                .isInstanceOf(TrainingException.class)
                .hasMessageContaining("the batch has no target");
    }

    /** Two threads that add up what they write on a board, in the order of ranks. */
    private record Pair(int rank, double[][] board, CyclicBarrier barrier) implements AllReduce {

        @Override
        public int worldSize() {
            return 2;
        }

        @Override
        public void sum(Buffer buffer) {
            ReferenceBackend.set(buffer, sums(ReferenceBackend.values(buffer)));
        }

        @Override
        public double sum(double value) {
            return sums(new double[] {value})[0];
        }

        private double[] sums(double[] mine) {
            board[rank] = mine;
            await();
            double[] sums = new double[mine.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = board[0][i] + board[1][i];
            }
            await();
            return sums;
        }

        private void await() {
            try {
                barrier.await(20, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }
}

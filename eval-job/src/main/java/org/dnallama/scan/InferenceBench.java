package org.dnallama.scan;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.random.RandomGenerator;
import org.dnallama.bench.LibTorchLlama;
import org.dnallama.bench.StepTimer;
import org.dnallama.bench.Turns;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;

/** Our inference and LibTorch's eager one in turns, on the same weights and tokens, one thread each. */
final class InferenceBench {

    /** Bases of a token: overlapping k-mers, so that every base starts one. */
    static final int K = 6;
    /** Rows of a batch that each side may choose from. */
    private static final int[] ROWS = {4, 16, 64};
    /** Probabilities are sums of some hundred products of float32 numbers, in another order. */
    private static final double TOLERANCE = 1e-4;

    private static final String OURS = "ours";
    private static final String ALL_STATES = "ours, all states";
    private static final String PEER = "libtorch";

    private final Backend backend;
    private final int repeats;
    private final Consumer<String> progress;

    /**
     * What was found for one length.
     *
     * @param bases of a sequence
     * @param tokens of a sequence
     * @param rows of the batches that ours, ours with all states, and LibTorch did best with
     * @param ours sequences per CPU second
     * @param peers the same of LibTorch
     * @param vsLibTorch how many times as many ours are
     * @param allStatesVsLibTorch the same if the last block goes over all tokens, as LibTorch's does
     */
    record Result(
            int bases,
            int tokens,
            List<Integer> rows,
            double ours,
            double peers,
            double vsLibTorch,
            double allStatesVsLibTorch) {}

    InferenceBench(Backend backend, int repeats, Consumer<String> progress) {
        this.backend = backend;
        this.repeats = repeats;
        this.progress = progress;
    }

    /** The base shape, with room for 300 bases. */
    static LlamaConfig shape(int vocabularySize) {
        return new LlamaConfig(vocabularySize, 256, 4, 8, 4, 704, 512, 500_000, 1e-5, false);
    }

    /** A classifier of a shape whose scores are not all alike. */
    static Parameters weights(Backend backend, LlamaConfig shape) {
        return LlamaLayout.initialize(
                backend,
                shape,
                LlamaLayout.groups(shape, Head.CLASSIFIER, Pooling.LAST),
                Initialization.constant(0.05),
                new Seeds(1));
    }

    /** How often the progress is told in all. */
    static int ticks(int repeats) {
        return 3 * (ROWS.length + repeats);
    }

    Result run(int bases) {
        LlamaConfig shape = shape(4096);
        int tokens = bases - K + 1 + 2;
        LibTorchLlama.useOneThread();
        try (Parameters theta = weights(backend, shape);
                Classifier ours = new Classifier(backend, shape, Pooling.LAST);
                Classifier allStates = new Classifier(backend, shape, Pooling.MEAN);
                LibTorchLlama peer = new LibTorchLlama(shape, theta, LibTorchLlama.Precision.FLOAT32)) {
            Batch sample = batch(ROWS[ROWS.length - 1], tokens, shape);
            requireEqual(ours.probabilities(theta, sample), peer.probabilities(sample));
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            List<Integer> rows = new ArrayList<>();
            for (Side side : List.of(
                    new Side(OURS, batch -> ours.probabilities(theta, batch)),
                    new Side(ALL_STATES, batch -> allStates.probabilities(theta, batch)),
                    new Side(PEER, peer::probabilities))) {
                Best best = best(side, tokens, shape);
                rows.add(best.batch.rows());
                contestants.put(side.name, () -> best.seconds(side));
            }
            Turns turns = Turns.take(repeats, contestants, name -> progress.accept(bases + " bases, " + name));
            return new Result(
                    bases,
                    tokens,
                    rows,
                    1 / turns.median(OURS),
                    1 / turns.median(PEER),
                    turns.ratio(PEER, OURS),
                    turns.ratio(PEER, ALL_STATES));
        }
    }

    private interface Scoring {
        double[] scores(Batch batch);
    }

    private record Side(String name, Scoring model) {}

    /** A batch and how often it makes a turn. */
    private record Best(Batch batch, int steps) {

        double seconds(Side side) {
            return StepTimer.cpuSeconds(() -> side.model.scores(batch), steps) / batch.rows();
        }
    }

    private Best best(Side side, int tokens, LlamaConfig shape) {
        Best best = null;
        double least = Double.POSITIVE_INFINITY;
        for (int rows : ROWS) {
            Batch batch = batch(rows, tokens, shape);
            Best one = new Best(batch, StepTimer.warmUp(() -> side.model.scores(batch), repeats));
            double seconds = one.seconds(side);
            progress.accept(side.name + " in batches of " + rows);
            if (best == null || seconds < least) {
                best = one;
                least = seconds;
            }
        }
        return Objects.requireNonNull(best);
    }

    private static Batch batch(int rows, int tokens, LlamaConfig shape) {
        RandomGenerator random = new Seeds(1).stream("bench tokens", rows);
        List<int[]> all = new ArrayList<>();
        for (int r = 0; r < rows; r++) {
            all.add(random.ints(tokens, 0, shape.vocabularySize()).toArray());
        }
        return Batches.classifier(all, 0, new int[rows]);
    }

    private static void requireEqual(double[] ours, double[] peers) {
        for (int r = 0; r < ours.length; r++) {
            if (!(Math.abs(ours[r] - peers[r]) <= TOLERANCE)) {
                throw new IllegalStateException("row " + r + ": ours says " + ours[r] + ", LibTorch " + peers[r]);
            }
        }
    }
}

package org.dnallama.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Backend;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Dropouts;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.dnallama.optim.AdamW;
import org.dnallama.optim.GradientField;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.Tableau;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole model and its training beside LibTorch's autograd and AdamW, which know nothing of our code. */
final class LibTorchParityTest {

    private final Backend backend = new VectorBackend();

    /** What attention sees. */
    enum Rows {
        /** One document a row, padded at its end. */
        PADDED,
        /** Several documents a row, each seeing itself only and counting its positions from 0. */
        PACKED
    }

    /** Shapes that differ in everything: kvHeads below heads, one head, odd widths, attention over several blocks. */
    private static LlamaConfig config(RandomGenerator random) {
        int kvHeads = 1 + random.nextInt(3);
        int heads = kvHeads * (1 + random.nextInt(3));
        int headDim = 2 * (1 + random.nextInt(9));
        return new LlamaConfig(
                5 + random.nextInt(60),
                heads * headDim,
                1 + random.nextInt(3),
                heads,
                kvHeads,
                1 + random.nextInt(50),
                150,
                10_000,
                1e-5,
                random.nextBoolean());
    }

    private static Batch batch(LlamaConfig config, Rows kind, RandomGenerator random) {
        int length = 2 + random.nextInt(140);
        List<int[]> rows = new ArrayList<>();
        for (int r = 0; r < 1 + random.nextInt(3); r++) {
            rows.add(random.ints(2 + random.nextInt(length - 1), 0, config.vocabularySize())
                    .toArray());
        }
        Batch padded = Batches.languageModel(rows, 0);
        return kind == Rows.PADDED ? padded : packed(padded, random);
    }

    /** Cuts every row into documents. */
    private static Batch packed(Batch batch, RandomGenerator random) {
        int length = batch.sequenceLength();
        int[] first = batch.ranges().first().clone();
        int[] positions = batch.positions().clone();
        int[] targets = batch.targets().clone();
        for (int r = 0; r < batch.rows(); r++) {
            int start = 0;
            for (int t = 0; t < length; t++) {
                int token = r * length + t;
                if (t > 0 && random.nextInt(10) == 0) {
                    start = t;
                    targets[token - 1] = -1;
                }
                first[token] = start;
                positions[token] = t - start;
            }
        }
        // At least one target must be left for a mean to exist.
        targets[0] = 1;
        KeyRanges ranges = new KeyRanges(first, batch.ranges().end());
        return new Batch(batch.rows(), length, batch.tokens(), positions, ranges, targets, batch.lengths());
    }

    /**
     * LibTorch computes in float64, so what is measured is our rounding: some hundred float32 operations deep, about
     * 1e-6 of a tensor's norm. A wrong formula anywhere is wrong by far more than 1e-5.
     */
    @ParameterizedTest
    @EnumSource
    void gradientMeetsAutograd(Rows kind) {
        for (long seed = 0; seed < 12; seed++) {
            RandomGenerator random = new Seeds(seed).stream("parity");
            LlamaConfig config = config(random);
            Batch batch = batch(config, kind, random);
            try (Parameters theta = LlamaLayout.initialize(backend, config, Head.LANGUAGE_MODEL, 0.2, new Seeds(seed));
                    Parameters gradient = theta.zerosLike();
                    LanguageModel model = new LanguageModel(backend, config);
                    LibTorchLlama peer = new LibTorchLlama(config, theta, LibTorchLlama.Precision.FLOAT64)) {
                long targets = batch.targetCount();
                double loss = model.lossAndGradient(theta, batch, Dropouts.NONE, 1.0 / targets, gradient);
                assertThat(loss / targets)
                        .as("seed %d, %s: loss", seed, config)
                        .isCloseTo(peer.lossAndGradient(batch), within(1e-5));
                for (TensorSpec spec : theta.specs()) {
                    float[] ours = new float[(int) spec.length()];
                    backend.read(gradient.buffer(spec.name()), ours);
                    assertThat(distance(ours, peer.gradient(spec.name())))
                            .as("seed %d, %s: %s", seed, config, spec.name())
                            .isLessThan(1e-5);
                }
            }
        }
    }

    /** |a - b| / |b|, in the Euclidean norm. */
    private static double distance(float[] a, double[] b) {
        assertThat(a).hasSameSizeAs(b);
        double difference = 0;
        double size = 0;
        for (int i = 0; i < a.length; i++) {
            difference += (a[i] - b[i]) * (a[i] - b[i]);
            size += b[i] * b[i];
        }
        return Math.sqrt(difference / size);
    }

    /** Twenty steps at a rate at which the loss falls a lot; both sides keep their rounding to themselves. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void trainingStaysTogether(boolean tied) {
        LlamaConfig config = new LlamaConfig(23, 32, 2, 4, 2, 48, 40, 10_000, 1e-5, tied);
        AdamStep constants = new AdamStep(3e-3, 0.9, 0.95, 1e-8, 0.1, 1, AdamStep.Momentum.CLASSICAL);
        RandomGenerator random = new Seeds(9).stream("parity training");
        List<int[]> rows = new ArrayList<>();
        for (int r = 0; r < 4; r++) {
            rows.add(random.ints(40, 0, config.vocabularySize()).toArray());
        }
        Batch batch = Batches.languageModel(rows, 0);
        try (Parameters theta = LlamaLayout.initialize(backend, config, Head.LANGUAGE_MODEL, 0.1, new Seeds(4));
                LanguageModel model = new LanguageModel(backend, config);
                LibTorchLlama peer = new LibTorchLlama(config, theta, LibTorchLlama.Precision.FLOAT32);
                LibTorchAdamW peersOptimizer = new LibTorchAdamW(peer, constants);
                AdamW optimizer = new AdamW(
                        new OptimizerSettings(OptimizerSettings.Kind.ADAMW, 0.9, 0.95, 1e-8, 0.1, 0, Tableau.CLASSIC_4),
                        theta)) {
            GradientField field = (at, portion, gradient) -> {
                gradient.buckets().forEach(bucket -> backend.fill(bucket.buffer(), 0));
                double scale = 1.0 / batch.targetCount();
                return model.lossAndGradient(at, batch, Dropouts.NONE, scale, gradient) * scale;
            };
            double[] losses = new double[20];
            for (int step = 0; step < losses.length; step++) {
                losses[step] = optimizer.step(theta, field, constants.learningRate());
                double peers = peer.lossAndGradient(batch);
                peersOptimizer.step();
                assertThat(losses[step]).as("loss of step %d", step + 1).isCloseTo(peers, within(1e-4));
            }
            assertThat(losses[19]).as("it learns: %s", Arrays.toString(losses)).isLessThan(0.8 * losses[0]);
        }
    }
}

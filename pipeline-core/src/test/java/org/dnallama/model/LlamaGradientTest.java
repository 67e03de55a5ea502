package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.SplittableRandom;
import org.dnallama.compute.Backend;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole model's explicit backward against central differences, and the fast backend against the float64 one. */
final class LlamaGradientTest {

    private static final Llama.Dropouts DROPOUT = new Llama.Dropouts(0.3, new Seeds(5), 77);

    enum Kind {
        TIED,
        UNTIED,
        LAST,
        MEAN
    }

    private static LlamaConfig config(Kind kind) {
        return new LlamaConfig(11, 12, 2, 3, 1, 10, 9, 10000, 1e-5, kind == Kind.TIED);
    }

    private static Head head(Kind kind) {
        return kind == Kind.TIED || kind == Kind.UNTIED ? Head.LANGUAGE_MODEL : Head.CLASSIFIER;
    }

    private static Objective objective(Backend backend, Kind kind) {
        return switch (kind) {
            case TIED, UNTIED -> new LanguageModel(backend, config(kind));
            case LAST -> new Classifier(backend, config(kind), Pooling.LAST);
            case MEAN -> new Classifier(backend, config(kind), Pooling.MEAN);
        };
    }

    private static Batch batch(Kind kind) {
        List<int[]> rows = List.of(new int[] {1, 5, 6, 7, 5, 8, 2}, new int[] {1, 9, 10, 2});
        return head(kind) == Head.LANGUAGE_MODEL
                ? Batches.languageModel(rows, 0)
                : Batches.classifier(rows, 0, new int[] {1, 0});
    }

    private static Parameters parameters(Backend backend, Kind kind) {
        return LlamaLayout.initialize(backend, config(kind), head(kind), 0.4, new Seeds(3));
    }

    /**
     * Central differences in float64 with h = 1e-5 err by about h^2 = 1e-10; 1e-7 leaves room for the third derivative.
     */
    @ParameterizedTest
    @EnumSource(Kind.class)
    void backwardMeetsCentralDifferences(Kind kind) {
        ReferenceBackend backend = new ReferenceBackend();
        try (Objective model = objective(backend, kind);
                Parameters theta = parameters(backend, kind);
                Parameters gradient = theta.zerosLike();
                Parameters scratch = theta.zerosLike()) {
            Batch batch = batch(kind);
            model.lossAndGradient(theta, batch, DROPOUT, 1, gradient);
            SplittableRandom random = new SplittableRandom(1);
            for (TensorSpec spec : theta.specs()) {
                for (int trial = 0; trial < 4; trial++) {
                    int i = random.nextInt((int) spec.length());
                    double[] values = ReferenceBackend.values(theta.buffer(spec.name()));
                    double h = 1e-5;
                    double at = values[i];
                    values[i] = at + h;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double above = model.lossAndGradient(theta, batch, DROPOUT, 1, scratch);
                    values[i] = at - h;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double below = model.lossAndGradient(theta, batch, DROPOUT, 1, scratch);
                    values[i] = at;
                    ReferenceBackend.set(theta.buffer(spec.name()), values);
                    double measured = (above - below) / (2 * h);
                    double claimed = ReferenceBackend.values(gradient.buffer(spec.name()))[i];
                    assertThat(claimed)
                            .as("%s[%d]", spec.name(), i)
                            .isCloseTo(measured, within(1e-7 * Math.max(1, Math.abs(measured))));
                }
            }
        }
    }

    /**
     * float32 keeps 24 bits; sums of some hundred products lose a few of them, so 2e-5 of the tensor's largest entry.
     */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void fastBackendMeetsTheFloat64One(boolean vector) {
        for (Kind kind : Kind.values()) {
            ReferenceBackend exact = new ReferenceBackend();
            Backend fast = vector ? new VectorBackend() : VectorBackend.scalar();
            try (Objective exactModel = objective(exact, kind);
                    Objective fastModel = objective(fast, kind);
                    Parameters exactTheta = parameters(exact, kind);
                    Parameters fastTheta = parameters(fast, kind);
                    Parameters exactGradient = exactTheta.zerosLike();
                    Parameters fastGradient = fastTheta.zerosLike()) {
                double exactLoss = exactModel.lossAndGradient(exactTheta, batch(kind), DROPOUT, 1, exactGradient);
                double fastLoss = fastModel.lossAndGradient(fastTheta, batch(kind), DROPOUT, 1, fastGradient);
                assertThat(fastLoss).isCloseTo(exactLoss, within(1e-5 * exactLoss));
                for (TensorSpec spec : exactTheta.specs()) {
                    double[] expected = ReferenceBackend.values(exactGradient.buffer(spec.name()));
                    float[] actual = new float[expected.length];
                    fast.read(fastGradient.buffer(spec.name()), actual);
                    double largest = java.util.Arrays.stream(expected)
                            .map(Math::abs)
                            .max()
                            .orElse(0);
                    for (int i = 0; i < actual.length; i++) {
                        assertThat((double) actual[i])
                                .as("%s %s[%d]", kind, spec.name(), i)
                                .isCloseTo(expected[i], within(2e-5 * Math.max(largest, 1e-3)));
                    }
                }
            }
        }
    }
}

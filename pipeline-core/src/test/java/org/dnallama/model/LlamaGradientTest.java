package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole model's explicit backward against central differences, and the fast backend against the float64 one. */
final class LlamaGradientTest {

    private static final Llama.Dropouts DROPOUT = new Llama.Dropouts(0.3, 0, new Seeds(5), 77);

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

    @ParameterizedTest
    @EnumSource(Kind.class)
    void backwardMeetsCentralDifferences(Kind kind) {
        ReferenceBackend backend = new ReferenceBackend();
        try (Objective model = objective(backend, kind);
                Parameters theta = parameters(backend, kind)) {
            GradientCheck.centralDifferences(model, theta, batch(kind), DROPOUT);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vector", "scalar", "nd4j"})
    void fastBackendMeetsTheFloat64One(String engine) {
        for (Kind kind : Kind.values()) {
            ReferenceBackend exact = new ReferenceBackend();
            Backend fast = engine.equals("scalar")
                    ? VectorBackend.scalar()
                    : Backends.valueOf(engine.toUpperCase(Locale.ROOT)).open();
            try (Objective exactModel = objective(exact, kind);
                    Objective fastModel = objective(fast, kind);
                    Parameters exactTheta = parameters(exact, kind);
                    Parameters fastTheta = parameters(fast, kind);
                    Parameters exactGradient = exactTheta.zerosLike();
                    Parameters fastGradient = fastTheta.zerosLike()) {
                double exactLoss = exactModel.lossAndGradient(exactTheta, batch(kind), DROPOUT, 1, exactGradient);
                double fastLoss = fastModel.lossAndGradient(fastTheta, batch(kind), DROPOUT, 1, fastGradient);
                assertThat(fastLoss).isCloseTo(exactLoss, within(1e-5 * exactLoss));
                GradientCheck.sameGradients(exactGradient, fastGradient);
            }
        }
    }
}

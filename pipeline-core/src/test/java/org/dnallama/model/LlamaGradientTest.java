package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Locale;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole model's explicit backward against central differences, and the fast backend against the float64 one. */
final class LlamaGradientTest {

    private static final Dropouts DROPOUT = new Dropouts(new DropoutRates(0.3, 0.2, 0.25), 0, new Seeds(5), 77);

    enum Kind {
        TIED,
        UNTIED,
        LAST,
        MEAN,
        ENDS,
        FLAT,
        /** All that goes beyond LLaMA, as a language model. */
        EXTENDED,
        /** The same as a classifier, with all that training adds to its loss. */
        EXTENDED_FLAT
    }

    private static final Extensions EXTENSIONS =
            new Extensions(List.of(1, 2), true, Extensions.Attention.BIDIRECTIONAL);

    private static LlamaConfig config(Kind kind) {
        Extensions extensions = kind == Kind.EXTENDED || kind == Kind.EXTENDED_FLAT ? EXTENSIONS : Extensions.NONE;
        return new LlamaConfig(11, 12, 2, 3, 1, 10, 9, 10000, RopeScaling.NONE, 1e-5, kind == Kind.TIED, extensions);
    }

    private static Head head(Kind kind) {
        return kind == Kind.TIED || kind == Kind.UNTIED || kind == Kind.EXTENDED
                ? Head.LANGUAGE_MODEL
                : Head.CLASSIFIER;
    }

    private static Objective objective(Backend backend, Kind kind) {
        return switch (kind) {
            case TIED, UNTIED, EXTENDED -> new LanguageModel(backend, config(kind));
            case LAST, MEAN, ENDS, FLAT -> new Classifier(backend, config(kind), pooling(kind));
            case EXTENDED_FLAT ->
                new Classifier(
                        backend, config(kind), Pooling.FLAT, ActivationMemory.KEPT, new ClassifierLoss(0.1, 0.7));
        };
    }

    private static Pooling pooling(Kind kind) {
        return switch (kind) {
            case MEAN -> Pooling.MEAN;
            case ENDS -> Pooling.ENDS;
            case FLAT, EXTENDED_FLAT -> Pooling.FLAT;
            default -> Pooling.LAST;
        };
    }

    private static Batch batch(Kind kind) {
        List<int[]> rows = List.of(new int[] {1, 5, 6, 7, 5, 8, 2}, new int[] {1, 9, 10, 2});
        if (config(kind).extensions().equals(EXTENSIONS)) {
            return extended(kind, rows);
        }
        return head(kind) == Head.LANGUAGE_MODEL
                ? Batches.languageModel(rows, 0)
                : Batches.classifier(rows, 0, new int[] {1, 0});
    }

    /** Rows of 7 and 4 tokens with k-mers of one and two bases, some of them unknown. */
    private static Batch extended(Kind kind, List<int[]> tokens) {
        List<TokenRow> rows = List.of(
                new TokenRow(
                        tokens.get(0), List.of(new int[] {4, 0, 1, 2, 0, 3, 4}, new int[] {16, 1, 6, 8, 3, 15, 16})),
                new TokenRow(tokens.get(1), List.of(new int[] {4, 2, 2, 4}, new int[] {16, 10, 9, 16})));
        if (kind == Kind.EXTENDED) {
            List<int[]> targets = List.of(new int[] {-1, 5, -1, 7, -1, -1, 2}, new int[] {-1, 9, 10, -1});
            return Batches.tokenTargets(rows, 0, EXTENSIONS, targets);
        }
        List<int[]> replaced = List.of(new int[] {-1, 0, 1, 1, 0, 0, -1}, new int[] {-1, 0, 0, -1});
        return Batches.classifier(rows, 0, EXTENSIONS, new int[] {1, 0}, replaced);
    }

    private static Parameters parameters(Backend backend, Kind kind) {
        List<List<TensorSpec>> groups = LlamaLayout.groups(config(kind), head(kind), pooling(kind));
        return LlamaLayout.initialize(
                backend,
                config(kind),
                kind == Kind.EXTENDED_FLAT ? LlamaLayout.withReplaced(groups, config(kind)) : groups,
                Initialization.constant(0.4),
                new Seeds(3));
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

    /** A row's loss does not depend on what it is batched with, so padding is neither seen nor pooled. */
    @ParameterizedTest
    @EnumSource(
            value = Kind.class,
            names = {"ENDS", "FLAT", "MEAN"})
    void paddingIsNeitherSeenNorPooled(Kind kind) {
        ReferenceBackend backend = new ReferenceBackend();
        LlamaConfig both = new LlamaConfig(11, 12, 2, 3, 1, 10, 9, 10000, RopeScaling.NONE, 1e-5, false, EXTENSIONS);
        try (Classifier model = new Classifier(backend, both, pooling(kind));
                Parameters theta = LlamaLayout.initialize(
                        backend,
                        both,
                        LlamaLayout.groups(both, Head.CLASSIFIER, pooling(kind)),
                        Initialization.constant(0.4),
                        new Seeds(3))) {
            TokenRow row = TokenRow.unknown(new int[] {1, 9, 10, 2}, EXTENSIONS);
            TokenRow longer = TokenRow.unknown(new int[] {1, 5, 6, 7, 5, 8, 2}, EXTENSIONS);
            double alone =
                    model.probabilities(theta, Batches.classifier(List.of(row), 0, EXTENSIONS, new int[] {0}))[0];
            double[] together = model.probabilities(
                    theta, Batches.classifier(List.of(longer, row), 0, EXTENSIONS, new int[] {0, 0}));
            // float64 sums over padded rows may be taken in another order.
            assertThat(together[1]).isCloseTo(alone, within(1e-12));
            assertThat(together[0]).isNotCloseTo(alone, within(1e-6));
        }
    }

    @Test
    void modelsThatReadWholeRowsCannotGoTokenByToken() {
        assertThatThrownBy(() -> new KeyValueCache(new ReferenceBackend(), config(Kind.EXTENDED), 1, 4))
                .hasMessageContaining("reads whole rows; only a plain one can go token by token");
    }
}

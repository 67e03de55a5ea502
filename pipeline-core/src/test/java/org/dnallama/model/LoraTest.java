package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.dnallama.model.LoraSettings.Precision.BFLOAT16;
import static org.dnallama.model.LoraSettings.Precision.FLOAT32;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Backend;
import org.dnallama.compute.HalfPrecision;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.dnallama.model.LoraSettings.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Adapters: gradients, the start, merging, and what is frozen. */
final class LoraTest {

    private static final LlamaConfig SHAPE = new LlamaConfig(11, 12, 2, 3, 1, 10, 9, 10000, 1e-5, false);
    private static final Dropouts DROPOUT = new Dropouts(DropoutRates.branches(0.2), 0.3, new Seeds(5), 77);

    private final Backend fast = new VectorBackend();

    private static LoraSettings settings(List<String> targets, List<String> modulesToSave, Precision frozen) {
        return new LoraSettings(3, 5, 0.3, targets, modulesToSave, frozen, "");
    }

    private static LoraSettings all(Precision frozen) {
        return settings(LoraSettings.TARGETS, List.of("embed_tokens", "lm_head"), frozen);
    }

    private static Parameters whole(Backend backend, Head head) {
        return LlamaLayout.initialize(backend, SHAPE, head, 0.4, new Seeds(3));
    }

    private static Parameters fresh(Backend backend, Head head, LoraSettings settings) {
        return Lora.adapt(whole(backend, head), settings, new Seeds(4));
    }

    /** Adapters that have been trained: B is no longer zero. */
    private static Parameters trained(Backend backend, Head head, LoraSettings settings) {
        Parameters theta = fresh(backend, head, settings);
        RandomGenerator random = new Seeds(6).stream("trained");
        for (TensorSpec spec : theta.specs()) {
            if (spec.name().contains("lora_B")) {
                float[] values = new float[(int) spec.length()];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) (0.3 * random.nextGaussian());
                }
                backend.write(theta.buffer(spec.name()), values);
            }
        }
        return theta;
    }

    private static List<int[]> rows() {
        return List.of(new int[] {1, 5, 6, 7, 5, 8, 2}, new int[] {1, 9, 10, 2});
    }

    private static Batch languageBatch() {
        return Batches.languageModel(rows(), 0);
    }

    @ParameterizedTest
    @CsvSource({
        "q|k|v|o|gate|up|down, embed_tokens|lm_head, FLOAT32",
        "q|k|v|o|gate|up|down, embed_tokens, BFLOAT16",
        "q|v, '', FLOAT32",
        "k|up, lm_head, FLOAT32",
        "v|o|gate|down, '', BFLOAT16"
    })
    void backwardMeetsCentralDifferences(String targets, String modules, Precision frozen) {
        LoraSettings settings = settings(
                List.of(targets.split("\\|")), modules.isEmpty() ? List.of() : List.of(modules.split("\\|")), frozen);
        ReferenceBackend backend = new ReferenceBackend();
        try (Objective model = new LanguageModel(backend, SHAPE);
                Parameters theta = trained(backend, Head.LANGUAGE_MODEL, settings)) {
            GradientCheck.centralDifferences(model, theta, languageBatch(), DROPOUT);
        }
    }

    @Test
    void backwardOfTheClassifierMeetsCentralDifferences() {
        ReferenceBackend backend = new ReferenceBackend();
        try (Objective model = new Classifier(backend, SHAPE, Pooling.MEAN);
                Parameters theta = trained(backend, Head.CLASSIFIER, settings(List.of("q", "v"), List.of(), FLOAT32))) {
            GradientCheck.centralDifferences(model, theta, Batches.classifier(rows(), 0, new int[] {1, 0}), DROPOUT);
        }
    }

    @ParameterizedTest
    @EnumSource(Precision.class)
    void fastBackendMeetsTheFloat64One(Precision frozen) {
        ReferenceBackend exact = new ReferenceBackend();
        try (Objective exactModel = new LanguageModel(exact, SHAPE);
                Objective fastModel = new LanguageModel(fast, SHAPE);
                Parameters exactTheta = trained(exact, Head.LANGUAGE_MODEL, all(frozen));
                Parameters fastTheta = trained(fast, Head.LANGUAGE_MODEL, all(frozen));
                Parameters exactGradient = exactTheta.zerosLike();
                Parameters fastGradient = fastTheta.zerosLike()) {
            double exactLoss = exactModel.lossAndGradient(exactTheta, languageBatch(), DROPOUT, 1, exactGradient);
            double fastLoss = fastModel.lossAndGradient(fastTheta, languageBatch(), DROPOUT, 1, fastGradient);
            assertThat(fastLoss).isCloseTo(exactLoss, within(1e-5 * exactLoss));
            GradientCheck.sameGradients(exactGradient, fastGradient);
        }
    }

    @Test
    void freshAdaptersChangeNothing() {
        try (LanguageModel model = new LanguageModel(fast, SHAPE);
                Parameters base = whole(fast, Head.LANGUAGE_MODEL);
                Parameters theta = fresh(fast, Head.LANGUAGE_MODEL, all(FLOAT32));
                Parameters moved = trained(fast, Head.LANGUAGE_MODEL, all(FLOAT32))) {
            double expected = model.loss(base, languageBatch());
            assertThat(model.loss(theta, languageBatch())).isEqualTo(expected);
            assertThat(model.loss(moved, languageBatch())).isNotEqualTo(expected);
        }
    }

    /** PyTorch's start of a linear layer: uniform within 1 / sqrt(inputs), whose deviation is that over sqrt(3). */
    @Test
    void aIsUniformAndBZeroByNamedSeeds() {
        LlamaConfig wide = new LlamaConfig(11, 64, 1, 1, 1, 64, 9, 10000, 1e-5, true);
        LoraSettings settings = new LoraSettings(16, 1, 0, List.of("q", "v"), List.of(), FLOAT32, "");
        Parameters whole = LlamaLayout.initialize(fast, wide, Head.LANGUAGE_MODEL, 0.1, new Seeds(1));
        try (Parameters theta = Lora.adapt(whole, settings, new Seeds(7))) {
            float[] a = GradientCheck.values(theta, "model.layers.0.self_attn.q_proj.lora_A.weight");
            double squares = 0;
            for (float value : a) {
                assertThat(Math.abs(value)).isLessThanOrEqualTo(1 / 8f);
                squares += (double) value * value;
            }
            // 1024 draws: the deviation's own error is about 1.5 %.
            assertThat(Math.sqrt(squares / a.length)).isCloseTo(1 / 8.0 / Math.sqrt(3), within(0.006));
            assertThat(GradientCheck.values(theta, "model.layers.0.self_attn.q_proj.lora_B.weight"))
                    .containsOnly(0f);
            assertThat(GradientCheck.values(theta, "model.layers.0.self_attn.v_proj.lora_A.weight"))
                    .isNotEqualTo(a);
        }
    }

    @Test
    void onlyAdaptersAndSavedModulesAreTrained() {
        LoraSettings settings = settings(List.of("k", "down"), List.of("embed_tokens"), FLOAT32);
        try (Parameters whole = whole(fast, Head.CLASSIFIER);
                Parameters theta = fresh(fast, Head.CLASSIFIER, settings);
                Parameters gradient = theta.zerosLike()) {
            assertThat(theta.specs().stream().map(TensorSpec::name))
                    .containsExactlyInAnyOrder(
                            "model.embed_tokens.weight",
                            "model.layers.0.self_attn.k_proj.lora_A.weight",
                            "model.layers.0.self_attn.k_proj.lora_B.weight",
                            "model.layers.0.mlp.down_proj.lora_A.weight",
                            "model.layers.0.mlp.down_proj.lora_B.weight",
                            "model.layers.1.self_attn.k_proj.lora_A.weight",
                            "model.layers.1.self_attn.k_proj.lora_B.weight",
                            "model.layers.1.mlp.down_proj.lora_A.weight",
                            "model.layers.1.mlp.down_proj.lora_B.weight",
                            "score.weight");
            long adapters = 2 * 3 * (12 + 4 + 10 + 12);
            long saved = 11 * 12 + 2 * 12;
            assertThat(theta.count()).isEqualTo(adapters + saved);
            long numbers = gradient.buckets().stream()
                    .mapToLong(bucket -> bucket.buffer().length())
                    .sum();
            assertThat(numbers).isEqualTo(adapters + saved);
            assertThat(theta.base().orElseThrow().count()).isEqualTo(whole.count() - saved);
        }
    }

    @Test
    void restingWeightsComputeWhatTheirRoundedValuesDo() {
        Parameters rounded = whole(fast, Head.LANGUAGE_MODEL);
        for (TensorSpec spec : rounded.specs()) {
            if (spec.name().endsWith("_proj.weight")) {
                float[] values = GradientCheck.values(rounded, spec.name());
                for (int i = 0; i < values.length; i++) {
                    values[i] = HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16(values[i]));
                }
                fast.write(rounded.buffer(spec.name()), values);
            }
        }
        try (LanguageModel model = new LanguageModel(fast, SHAPE);
                Parameters wide = Lora.adapt(rounded, all(FLOAT32), new Seeds(4));
                Parameters resting = fresh(fast, Head.LANGUAGE_MODEL, all(BFLOAT16));
                Parameters unrounded = fresh(fast, Head.LANGUAGE_MODEL, all(FLOAT32));
                Parameters wideGradient = wide.zerosLike();
                Parameters restingGradient = wide.zerosLike()) {
            double expected = model.lossAndGradient(wide, languageBatch(), DROPOUT, 1, wideGradient);
            assertThat(model.lossAndGradient(resting, languageBatch(), DROPOUT, 1, restingGradient))
                    .isEqualTo(expected);
            for (TensorSpec spec : wide.specs()) {
                assertThat(GradientCheck.values(restingGradient, spec.name()))
                        .as(spec.name())
                        .isEqualTo(GradientCheck.values(wideGradient, spec.name()));
            }
            assertThat(model.loss(unrounded, languageBatch())).isNotEqualTo(model.loss(wide, languageBatch()));
        }
    }

    /** In float64, the merged weights by the formula, and the same loss by both ways of computing. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void mergedModelComputesWhatTheAdaptedOneDoes(Precision frozen) {
        ReferenceBackend exact = new ReferenceBackend();
        try (LanguageModel model = new LanguageModel(exact, SHAPE);
                Parameters whole = whole(exact, Head.LANGUAGE_MODEL);
                Parameters theta = trained(exact, Head.LANGUAGE_MODEL, all(frozen));
                Parameters merged = Lora.merge(theta)) {
            assertThat(merged.specs()).isEqualTo(whole.specs());
            assertThat(model.loss(merged, languageBatch()))
                    .isCloseTo(model.loss(theta, languageBatch()), within(1e-12));
            String weight = "model.layers.1.mlp.up_proj.weight";
            double[] a = ReferenceBackend.values(theta.buffer("model.layers.1.mlp.up_proj.lora_A.weight"));
            double[] b = ReferenceBackend.values(theta.buffer("model.layers.1.mlp.up_proj.lora_B.weight"));
            double[] before = ReferenceBackend.values(whole.buffer(weight));
            double[] after = ReferenceBackend.values(merged.buffer(weight));
            for (int r = 0; r < 10; r++) {
                for (int c = 0; c < 12; c++) {
                    double sum = 0;
                    for (int k = 0; k < 3; k++) {
                        sum += b[3 * r + k] * a[12 * k + c];
                    }
                    double start = before[12 * r + c];
                    double rested = frozen == FLOAT32
                            ? start
                            : HalfPrecision.fromBfloat16(HalfPrecision.toBfloat16((float) start));
                    assertThat(after[12 * r + c]).isCloseTo(rested + 5.0 / 3 * sum, within(1e-14));
                }
            }
        }
    }

    /** Numbers of about 1 plus and minus numbers of about 1 in float32: off by no more than 2 roundings of 1e-7. */
    @Test
    void unmergeRestoresTheBaseToRounding() {
        try (Parameters whole = whole(fast, Head.LANGUAGE_MODEL);
                Parameters theta = trained(fast, Head.LANGUAGE_MODEL, all(FLOAT32));
                Parameters merged = Lora.merge(theta)) {
            String weight = "model.layers.0.self_attn.v_proj.weight";
            assertThat(GradientCheck.values(merged, weight)).isNotEqualTo(GradientCheck.values(whole, weight));
            Lora.unmerge(merged, theta);
            for (TensorSpec spec : whole.specs()) {
                float[] expected = GradientCheck.values(whole, spec.name());
                float[] restored = GradientCheck.values(merged, spec.name());
                for (int i = 0; i < expected.length; i++) {
                    assertThat(restored[i]).as(spec.name()).isCloseTo(expected[i], within(5e-7f));
                }
            }
        }
    }

    @Test
    void adapterDropoutIsReplayedAndMoves() {
        try (LanguageModel model = new LanguageModel(fast, SHAPE);
                Parameters theta = trained(fast, Head.LANGUAGE_MODEL, all(FLOAT32));
                Parameters gradient = theta.zerosLike()) {
            Dropouts adaptersOnly = new Dropouts(DropoutRates.branches(0), 0.3, new Seeds(5), 77);
            Dropouts another = new Dropouts(DropoutRates.branches(0), 0.3, new Seeds(5), 78);
            double loss = model.lossAndGradient(theta, languageBatch(), adaptersOnly, 1, gradient);
            assertThat(model.lossAndGradient(theta, languageBatch(), adaptersOnly, 1, gradient))
                    .isEqualTo(loss);
            assertThat(model.lossAndGradient(theta, languageBatch(), another, 1, gradient))
                    .isNotEqualTo(loss);
            assertThat(model.loss(theta, languageBatch())).isNotEqualTo(loss);
        }
    }

    @Test
    void modulesThatTheModelLacksAreNamed() {
        LoraSettings settings = settings(List.of("q"), List.of("lm_head"), FLOAT32);
        try (Parameters whole = whole(fast, Head.CLASSIFIER)) {
            assertThatThrownBy(() -> Lora.adapt(whole, settings, new Seeds(1)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("the model has no lm_head of its own");
        }
    }
}

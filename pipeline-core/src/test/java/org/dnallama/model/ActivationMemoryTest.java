package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.dnallama.model.ActivationMemory.CHECKPOINTED;
import static org.dnallama.model.ActivationMemory.KEPT;

import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.LoraSettings.Precision;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpointed activations: the same bits in less memory. */
final class ActivationMemoryTest {

    private static final LlamaConfig SHAPE = new LlamaConfig(11, 24, 4, 3, 1, 40, 9, 10000, 1e-5, true);
    private static final Dropouts DROPOUT = new Dropouts(DropoutRates.branches(0.2), 0.3, new Seeds(5), 77);
    private static final Dropouts OTHER = new Dropouts(DropoutRates.branches(0.2), 0.3, new Seeds(5), 78);

    private final Backend backend = new VectorBackend();

    private static Batch batch(int... last) {
        return Batches.languageModel(List.of(new int[] {1, 5, 6, 7, 5, 8, 2}, last), 0);
    }

    /** Micro-batches of two shapes, one after the other, as in training. */
    @ParameterizedTest
    @ValueSource(ints = {0, 3})
    void gradientsAreTheSameBits(int rank) {
        LoraSettings lora =
                new LoraSettings(rank, 5, 0.3, LoraSettings.TARGETS, List.of("embed_tokens"), Precision.BFLOAT16, "");
        Parameters whole = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.4, new Seeds(3));
        List<Batch> batches = List.of(batch(1, 9, 10, 2), batch(1, 9, 10, 4, 3, 4, 9, 2), batch(1, 2));
        try (LanguageModel kept = new LanguageModel(backend, SHAPE, KEPT);
                LanguageModel checkpointed = new LanguageModel(backend, SHAPE, CHECKPOINTED);
                Parameters theta = Lora.adapt(whole, lora, new Seeds(4));
                Parameters expected = theta.zerosLike();
                Parameters gradient = theta.zerosLike();
                Parameters undropped = theta.zerosLike()) {
            for (Batch batch : batches) {
                double loss = kept.lossAndGradient(theta, batch, DROPOUT, 0.1, expected);
                assertThat(checkpointed.lossAndGradient(theta, batch, DROPOUT, 0.1, gradient))
                        .isEqualTo(loss);
                assertThat(kept.lossAndGradient(theta, batch, OTHER, 0.1, undropped))
                        .as("the loss under another dropout")
                        .isNotEqualTo(loss);
            }
            for (TensorSpec spec : theta.specs()) {
                assertThat(GradientCheck.values(gradient, spec.name()))
                        .as(spec.name())
                        .isEqualTo(GradientCheck.values(expected, spec.name()));
            }
        }
    }

    /** Of all blocks but one, all falls away that is not the input. */
    @Test
    void memoryOfAllBlocksButOneFallsAway() {
        int tokens = 2 * 7;
        // Two more residual streams and their norm, q k v, attention's output and log-sum-exp; gate, up and product.
        long beside = tokens * (24 + 1 + (24 + 2 * 8) + 24 + 3 + 24 + 24 + 1 + 2 * 40 + 40);
        try (Activations kept = new Activations(backend, SHAPE, KEPT, 2, 7);
                Activations checkpointed = new Activations(backend, SHAPE, CHECKPOINTED, 2, 7)) {
            assertThat(kept.numbers() - checkpointed.numbers()).isEqualTo(3 * beside);
            assertThat(checkpointed.numbers()).isLessThan(kept.numbers() / 2);
        }
    }
}

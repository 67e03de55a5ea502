package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ClassifierSaliencyTest {

    private static final Extensions EXTENSIONS = new Extensions(List.of(2), true, Extensions.Attention.BIDIRECTIONAL);
    private static final LlamaConfig CONFIG =
            new LlamaConfig(11, 12, 2, 3, 1, 10, 9, 10000, RopeScaling.NONE, 1e-5, false, EXTENSIONS);
    /** No token, k-mer or position comes twice, so that each token's input can be scaled by itself. */
    private static final int[] TOKENS = {1, 5, 6, 7, 8, 9, 2};

    private static final int[] KMERS = {16, 1, 6, 8, 3, 15, 4};

    private final ReferenceBackend backend = new ReferenceBackend();

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void isTheSlopeOfTheLogitsAsATokensInputGrows(Pooling pooling) {
        List<TokenRow> rows = List.of(new TokenRow(TOKENS, List.of(KMERS)));
        Batch batch = Batches.classifier(rows, 0, EXTENSIONS, new int[1]);
        try (Classifier model = new Classifier(backend, CONFIG, pooling);
                Parameters theta = LlamaLayout.initialize(
                        backend,
                        CONFIG,
                        LlamaLayout.groups(CONFIG, Head.CLASSIFIER, pooling),
                        Initialization.constant(0.4),
                        new Seeds(3))) {
            double[] saliency = model.saliency(theta, batch);
            assertThat(saliency).hasSize(TOKENS.length);
            double h = 1e-5;
            for (int t = 0; t < TOKENS.length; t++) {
                double above = scaled(model, theta, rows, t, 1 + h);
                double below = scaled(model, theta, rows, t, 1 - h);
                // Inputs and gradients are read as float32, of which a dozen products are summed.
                assertThat(saliency[t]).as("token %d", t).isCloseTo((above - below) / (2 * h), within(2e-6));
            }
            assertThat(Arrays.stream(saliency).map(Math::abs).max().orElseThrow())
                    .as("something speaks for class 1 or against it")
                    .isGreaterThan(1e-3);
        }
    }

    /** Logit of class 1 less that of class 0, which is what cross-entropies of both classes differ by. */
    private double scaled(Classifier model, Parameters theta, List<TokenRow> rows, int t, double factor) {
        Map<String, Integer> places = Map.of(
                LlamaLayout.EMBEDDING, TOKENS[t], "model.embed_2mers.weight", KMERS[t], LlamaLayout.POSITIONS, t);
        places.forEach((table, row) -> scale(theta, table, row, factor));
        double difference = model.loss(theta, Batches.classifier(rows, 0, EXTENSIONS, new int[] {0}))
                - model.loss(theta, Batches.classifier(rows, 0, EXTENSIONS, new int[] {1}));
        places.forEach((table, row) -> scale(theta, table, row, 1 / factor));
        return difference;
    }

    private static void scale(Parameters theta, String table, int row, double factor) {
        double[] values = ReferenceBackend.values(theta.buffer(table));
        for (int c = 0; c < CONFIG.dim(); c++) {
            values[row * CONFIG.dim() + c] *= factor;
        }
        ReferenceBackend.set(theta.buffer(table), values);
    }
}

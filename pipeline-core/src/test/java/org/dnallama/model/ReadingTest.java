package org.dnallama.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is read without a backward to come, beside the forward of training. */
final class ReadingTest {

    private static final Backend BACKEND = new VectorBackend();
    private static final List<int[]> ROWS = List.of(
            new int[] {1, 5, 6, 7, 5, 8, 2}, new int[] {1, 9, 10, 2}, new int[] {3}, new int[] {1, 2, 9, 9, 4, 4, 5});

    private static LlamaConfig shape(int layers, Extensions extensions) {
        return new LlamaConfig(11, 24, layers, 3, 1, 40, 9, 10_000, RopeScaling.NONE, 1e-5, true, extensions);
    }

    private static Parameters weights(LlamaConfig shape, Pooling pooling) {
        return LlamaLayout.initialize(
                BACKEND,
                shape,
                LlamaLayout.groups(shape, Head.CLASSIFIER, pooling),
                Initialization.constant(0.4),
                new Seeds(3));
    }

    /** Whole rows: the same products in the same order, so the same bits, in memory that all blocks share. */
    @Test
    void allStatesAreTheSameBits() {
        LlamaConfig shape = shape(3, Extensions.NONE);
        Batch batch = Batches.classifier(ROWS, 0, new int[4]);
        try (Parameters theta = weights(shape, Pooling.MEAN);
                Llama llama = new Llama(BACKEND, shape, ActivationMemory.KEPT)) {
            float[] expected = values(llama.forward(theta, batch, Dropouts.NONE));
            assertThat(values(llama.read(theta, batch))).isEqualTo(expected);
        }
    }

    /** Single states, after one block and after several, whatever else is in the batch. */
    @ParameterizedTest
    @EnumSource(Pooling.class)
    void probabilitiesAreThoseOfTrainingsLoss(Pooling pooling) {
        for (int layers : new int[] {1, 3}) {
            for (Extensions.Attention attention : Extensions.Attention.values()) {
                Extensions extensions = new Extensions(List.of(), false, attention);
                LlamaConfig shape = shape(layers, extensions);
                try (Parameters theta = weights(shape, pooling);
                        Parameters gradient = theta.zerosLike();
                        Classifier classifier = new Classifier(BACKEND, shape, pooling)) {
                    double[] probabilities = classifier.probabilities(theta, batch(ROWS, extensions, 1));
                    for (int r = 0; r < ROWS.size(); r++) {
                        Batch alone = batch(List.of(ROWS.get(r)), extensions, 1);
                        double trained = classifier.lossAndGradient(theta, alone, Dropouts.NONE, 1, gradient);
                        // Sums of some 40 products of size 1 in float32, in another order.
                        assertThat(-Math.log(probabilities[r])).isCloseTo(trained, within(1e-5 * (1 + trained)));
                        assertThat(classifier.loss(theta, alone)).isCloseTo(trained, within(1e-5 * (1 + trained)));
                    }
                }
            }
        }
    }

    private static Batch batch(List<int[]> rows, Extensions extensions, int label) {
        int[] labels = rows.stream().mapToInt(row -> label).toArray();
        return Batches.classifier(rows.stream().map(TokenRow::plain).toList(), 0, extensions, labels);
    }

    private static float[] values(Matrix matrix) {
        float[] values = new float[matrix.rows() * matrix.columns()];
        BACKEND.read(matrix.buffer().slice(0, values.length), values);
        return values;
    }
}

package org.dnallama.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.Batches;
import org.dnallama.model.Dropouts;
import org.dnallama.model.KeyValueCache;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.Llama;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading bit by bit is reading at once, and scores are the training's losses. */
final class DecoderTest {

    private static final Backend VECTOR = new VectorBackend();

    /** States are normed, so of size 1; float64 leaves 1e-15 an operation, float32 6e-8. */
    static Stream<Arguments> backends() {
        return Stream.of(
                Arguments.of(VECTOR, 1e-5),
                Arguments.of(VectorBackend.scalar(), 1e-5),
                Arguments.of(new ReferenceBackend(), 1e-12));
    }

    @ParameterizedTest
    @MethodSource("backends")
    void readingBitByBitIsReadingAtOnce(Backend backend, double tolerance) {
        List<int[]> rows = TinyModel.rows(1, 16, 7, 12);
        // Where each row is cut: unequal prompts, unequal pieces, then token by token.
        int[][] cuts = {{0, 9, 12, 13, 14, 15, 16}, {0, 1, 3, 4, 5, 6, 7}, {0, 5, 6, 8, 9, 10, 12}};
        try (Parameters theta = TinyModel.weights(backend);
                Decoder decoder = new Decoder(TinyModel.SHAPE, theta);
                KeyValueCache cache = decoder.cache(rows.size(), 16)) {
            List<double[][]> expected = statesAtOnce(theta, rows);
            for (int piece = 0; piece + 1 < cuts[0].length; piece++) {
                List<int[]> read = new ArrayList<>();
                for (int r = 0; r < rows.size(); r++) {
                    read.add(Arrays.copyOfRange(rows.get(r), cuts[r][piece], cuts[r][piece + 1]));
                }
                double[][] states = values(decoder.read(cache, read));
                int longest = states.length / rows.size();
                for (int r = 0; r < rows.size(); r++) {
                    for (int t = 0; t < read.get(r).length; t++) {
                        int position = cuts[r][piece] + t;
                        assertThat(states[r * longest + t])
                                .as("row %d, token %d", r, position)
                                .containsExactly(expected.get(r)[position], within(tolerance));
                    }
                }
            }
            assertThat(cache.lengths()).containsExactly(16, 7, 12);
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void logitsOfTheNextTokenAreThoseOfTheWholeRow(Backend backend, double tolerance) {
        List<int[]> prompts = TinyModel.rows(2, 11, 2, 6);
        try (Parameters theta = TinyModel.weights(backend);
                Decoder decoder = new Decoder(TinyModel.SHAPE, theta)) {
            try (KeyValueCache cache = decoder.cache(3, 20)) {
                float[][] logits = decoder.next(cache, prompts);
                for (int step = 0; step < 9; step++) {
                    List<int[]> drawn = new ArrayList<>();
                    for (int r = 0; r < 3; r++) {
                        float[] alone = alone(decoder, prompts.get(r));
                        double largest = 0;
                        for (float logit : alone) {
                            largest = Math.max(largest, Math.abs(logit));
                        }
                        // Of the largest: a small logit is a sum of large terms. They come as float32 either way.
                        double bound = Math.max(tolerance, 1e-6) * largest;
                        for (int id = 0; id < alone.length; id++) {
                            assertThat((double) logits[r][id]).isCloseTo(alone[id], within(bound));
                        }
                        drawn.add(new int[] {Sampling.GREEDY.draw(logits[r], new java.util.SplittableRandom(1))});
                    }
                    prompts = joined(prompts, drawn);
                    logits = decoder.next(cache, drawn);
                }
            }
        }
    }

    private static float[] alone(Decoder decoder, int[] row) {
        try (KeyValueCache cache = decoder.cache(1, row.length)) {
            return decoder.next(cache, List.of(row))[0];
        }
    }

    private static List<int[]> joined(List<int[]> rows, List<int[]> more) {
        List<int[]> joined = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            int[] row = Arrays.copyOf(rows.get(r), rows.get(r).length + 1);
            row[row.length - 1] = more.get(r)[0];
            joined.add(row);
        }
        return joined;
    }

    @Test
    void aRewoundCacheHasForgotten() {
        try (Parameters theta = TinyModel.weights(VECTOR);
                Decoder decoder = new Decoder(TinyModel.SHAPE, theta);
                KeyValueCache cache = decoder.cache(2, 12)) {
            decoder.read(cache, TinyModel.rows(1, 4, 6));
            int[] lengths = cache.lengths();
            float[][] expected = decoder.next(cache, TinyModel.rows(2, 3, 3));
            cache.rewind(lengths);
            decoder.read(cache, TinyModel.rows(3, 5, 2));
            cache.rewind(lengths);
            assertThat(decoder.next(cache, TinyModel.rows(2, 3, 3))).isDeepEqualTo(expected);
            assertThatThrownBy(() -> cache.rewind(new int[] {8, 1})).hasMessage("row 0 has 7 tokens and cannot keep 8");
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void lossesOfTokensAddUpToTheTrainingLoss(Backend backend, double tolerance) {
        List<int[]> rows = TinyModel.rows(4, 3, 17, 1, 8);
        try (Parameters theta = TinyModel.weights(backend);
                Decoder decoder = new Decoder(TinyModel.SHAPE, theta);
                LanguageModel training = new LanguageModel(backend, TinyModel.SHAPE)) {
            List<double[]> losses = decoder.losses(rows);
            for (int r = 0; r < rows.size(); r++) {
                assertThat(losses.get(r)).hasSize(rows.get(r).length - 1);
                // Each token on its own, as the difference of two training losses.
                for (int end = 2; end <= rows.get(r).length; end++) {
                    double with = trainingLoss(training, theta, Arrays.copyOf(rows.get(r), end));
                    double without = trainingLoss(training, theta, Arrays.copyOf(rows.get(r), end - 1));
                    assertThat(losses.get(r)[end - 2])
                            .as("row %d, token %d", r, end - 1)
                            .isCloseTo(with - without, within(tolerance * 100));
                }
            }
        }
    }

    private static double trainingLoss(LanguageModel training, Parameters theta, int[] row) {
        return training.loss(theta, Batches.languageModel(List.of(row), 0));
    }

    @Test
    void textsBeyondTheContextAreRefused() {
        try (Parameters theta = TinyModel.weights(VECTOR);
                Decoder decoder = new Decoder(TinyModel.SHAPE, theta)) {
            assertThatThrownBy(() -> decoder.cache(1, 25))
                    .isInstanceOf(InputException.class)
                    .hasMessage("25 tokens do not fit the model's context of 24; give shorter texts or ask for fewer"
                            + " new tokens");
            assertThatThrownBy(() -> decoder.losses(TinyModel.rows(1, 25)))
                    .isInstanceOf(InputException.class)
                    .hasMessage("a text of 25 tokens does not fit the model's context of 24; cut it");
            try (KeyValueCache cache = decoder.cache(1, 3)) {
                assertThatThrownBy(() -> decoder.read(cache, TinyModel.rows(1, 4)))
                        .hasMessage("row 0: 4 new tokens after 0 do not fit a cache of 3");
            }
        }
    }

    /** Each row alone through the forward pass of training. */
    private static List<double[][]> statesAtOnce(Parameters theta, List<int[]> rows) {
        List<double[][]> states = new ArrayList<>();
        try (Llama llama = new Llama(theta.backend(), TinyModel.SHAPE, ActivationMemory.KEPT)) {
            for (int[] row : rows) {
                states.add(values(llama.forward(theta, Batches.languageModel(List.of(row), 0), Dropouts.NONE)));
            }
        }
        return states;
    }

    private static double[][] values(Matrix matrix) {
        double[] all = values(matrix.buffer());
        double[][] rows = new double[matrix.rows()][];
        for (int r = 0; r < rows.length; r++) {
            rows[r] = Arrays.copyOfRange(all, r * matrix.stride(), r * matrix.stride() + matrix.columns());
        }
        return rows;
    }

    private static double[] values(Buffer buffer) {
        try {
            return ReferenceBackend.values(buffer);
        } catch (ClassCastException notTheReference) {
            float[] numbers = new float[(int) buffer.length()];
            VECTOR.read(buffer, numbers);
            double[] values = new double[numbers.length];
            Arrays.setAll(values, i -> numbers[i]);
            return values;
        }
    }
}

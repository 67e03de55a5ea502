package org.dnallama.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Parameters;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Generation, against a loop that knows no cache. */
final class GeneratorTest {

    private static final int NEVER = -1;

    private final Backend backend = new VectorBackend();
    private final Parameters theta = TinyModel.weights(backend);
    private final Decoder decoder = new Decoder(TinyModel.SHAPE, theta);

    @AfterEach
    void close() {
        decoder.close();
        theta.close();
    }

    private List<int[]> generate(Sampling sampling, long seed, List<int[]> prompts, int most, int endId) {
        return new Generator(decoder, sampling, new Seeds(seed)).generate(prompts, most, endId);
    }

    private int[][] drawn(Sampling sampling, long seed, List<int[]> prompts) {
        return generate(sampling, seed, prompts, 12, NEVER).toArray(int[][]::new);
    }

    /** The likeliest next token is the one whose loss is least when it is put at the end. */
    private int likeliest(int[] row) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int id = 0; id < TinyModel.SHAPE.vocabularySize(); id++) {
            int[] longer = Arrays.copyOf(row, row.length + 1);
            longer[row.length] = id;
            double loss = decoder.losses(List.of(longer)).get(0)[row.length - 1];
            if (loss < least) {
                best = id;
                least = loss;
            }
        }
        return best;
    }

    @Test
    void greedyTakesTheLikeliestTokenEachTime() {
        List<int[]> prompts = TinyModel.rows(5, 4, 9, 1);
        List<int[]> generated = generate(Sampling.GREEDY, 1, prompts, 10, NEVER);
        for (int r = 0; r < prompts.size(); r++) {
            int[] row = prompts.get(r);
            for (int token : generated.get(r)) {
                assertThat(token).as("row %d", r).isEqualTo(likeliest(row));
                row = Arrays.copyOf(row, row.length + 1);
                row[row.length - 1] = token;
            }
            assertThat(row).hasSize(prompts.get(r).length + 10);
        }
    }

    @Test
    void aRowsDrawsDependOnTheSeedAndItsNumberAlone() {
        Sampling sampling = new Sampling(1.5, 8, 0.95);
        List<int[]> prompts = TinyModel.rows(6, 5, 8, 3);
        int[][] first = drawn(sampling, 1, prompts);
        assertThat(drawn(sampling, 1, prompts)).isDeepEqualTo(first);
        assertThat(drawn(sampling, 1, prompts.subList(0, 2))).isDeepEqualTo(Arrays.copyOf(first, 2));
        assertThat(drawn(sampling, 2, prompts)[0]).isNotEqualTo(first[0]);
        int[][] twice = drawn(sampling, 1, List.of(prompts.get(0), prompts.get(0)));
        assertThat(twice[0]).as("two rows with one prompt").isNotEqualTo(twice[1]);
    }

    @Test
    void aRowEndsWithItsEndToken() {
        List<int[]> prompts = TinyModel.rows(5, 4, 9, 1);
        List<int[]> endless = generate(Sampling.GREEDY, 1, prompts, 10, NEVER);
        int endId = endless.get(0)[3];
        List<int[]> ended = generate(Sampling.GREEDY, 1, prompts, 10, endId);
        for (int r = 0; r < prompts.size(); r++) {
            int[] whole = endless.get(r);
            int end = 0;
            while (end < whole.length && whole[end] != endId) {
                end++;
            }
            assertThat(ended.get(r)).as("row %d", r).containsExactly(Arrays.copyOf(whole, Math.min(10, end + 1)));
        }
        assertThat(ended.get(0)).hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void whatDoesNotFitTheContextIsRefused() {
        assertThatThrownBy(() -> generate(Sampling.GREEDY, 1, TinyModel.rows(5, 15), 10, NEVER))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("25 tokens do not fit the model's context of 24");
        assertThat(generate(Sampling.GREEDY, 1, TinyModel.rows(5, 15), 9, NEVER).get(0))
                .hasSize(9);
    }
}

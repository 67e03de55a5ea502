package org.dnallama.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

/** Tokens are drawn as often as the formula says. */
final class SamplingTest {

    private static final int DRAWS = 40_000;
    /** Probabilities 0.05, 0.4, 0.1, 0.25, 0.2. */
    private static final float[] LOGITS = {log(0.05), log(0.4), log(0.1), log(0.25), log(0.2)};

    private static float log(double probability) {
        return (float) Math.log(probability);
    }

    private static void assertShares(Sampling sampling, double... expected) {
        RandomGenerator random = new Seeds(8).stream("sampling");
        int[] counts = new int[expected.length];
        for (int i = 0; i < DRAWS; i++) {
            counts[sampling.draw(LOGITS, random)]++;
        }
        for (int id = 0; id < expected.length; id++) {
            // Four standard deviations of a share; what is cut off never comes.
            double spread = 4 * Math.sqrt(expected[id] * (1 - expected[id]) / DRAWS);
            assertThat(counts[id] / (double) DRAWS).as("token %d", id).isCloseTo(expected[id], within(spread));
        }
    }

    @Test
    void tokensComeAsOftenAsTheModelSays() {
        assertShares(new Sampling(1, 0, 1), 0.05, 0.4, 0.1, 0.25, 0.2);
    }

    @Test
    void temperatureIsAnExponent() {
        double sum = 0.0025 + 0.16 + 0.01 + 0.0625 + 0.04;
        assertShares(new Sampling(0.5, 0, 1), 0.0025 / sum, 0.16 / sum, 0.01 / sum, 0.0625 / sum, 0.04 / sum);
    }

    @Test
    void topKKeepsTheLikeliest() {
        assertShares(new Sampling(1, 2, 1), 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
    }

    @Test
    void topPKeepsTheFewestThatHoldIt() {
        assertShares(new Sampling(1, 0, 0.6), 0, 0.4 / 0.65, 0, 0.25 / 0.65, 0);
        assertShares(new Sampling(1, 0, 0.7), 0, 0.4 / 0.85, 0, 0.25 / 0.85, 0.2 / 0.85);
        assertShares(new Sampling(1, 0, 1e-9), 0, 1, 0, 0, 0);
    }

    @Test
    void topPIsOfWhatTopKLeft() {
        // 0.4 is 0.615 of the two likeliest.
        assertShares(new Sampling(1, 2, 0.6), 0, 1, 0, 0, 0);
    }

    @Test
    void greedyTakesTheLikeliestAndOfEqualOnesTheFirst() {
        RandomGenerator never = () -> {
            throw new AssertionError("greedy draws nothing");
        };
        assertThat(Sampling.GREEDY.draw(new float[] {-3, -1, -2}, never)).isEqualTo(1);
        assertThat(Sampling.GREEDY.draw(new float[] {-0f, 2, 7, 7, -9}, never)).isEqualTo(2);
        assertThat(Sampling.GREEDY.draw(new float[] {-5, 0f, -0f}, never)).isEqualTo(1);
        assertThat(Sampling.GREEDY.draw(new float[] {-5, -0f, 0f}, never)).isEqualTo(1);
    }

    @Test
    void valuesOutsideOfTheirRangesAreRefused() {
        for (Runnable wrong : new Runnable[] {
            () -> new Sampling(-1, 0, 1),
            () -> new Sampling(Double.NaN, 0, 1),
            () -> new Sampling(1, -1, 1),
            () -> new Sampling(1, 0, 0),
            () -> new Sampling(1, 0, 1.1)
        }) {
            assertThatThrownBy(wrong::run)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("no sampling: temperature = ");
        }
    }
}

package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

class ScoredRowsTest {

    private static final int RESAMPLES = 2000;

    @Test
    void aResampleIsTheSameAsOneOfPlainRows() {
        double[] scores = {0.9, 0.8, 0.8, 0.3, 0.1, 0.6, 0.6};
        int[] labels = {1, 0, 1, 1, 0, 1, 0};
        ScoredRows rows = new ScoredRows(labels, List.of(scores));
        for (int index = 0; index < 200; index++) {
            // The definition: draw rows, then start from nothing.
            RandomGenerator random = new Seeds(3).stream("bootstrap", index);
            int[] drawn = random.ints(labels.length, 0, labels.length).toArray();
            Map<Metric, Double> expected = BinaryMetrics.of(
                            Arrays.stream(drawn).mapToDouble(i -> scores[i]).toArray(),
                            Arrays.stream(drawn).map(i -> labels[i]).toArray(),
                            0.5)
                    .values();
            assertThat(rows.resampled(List.of(0.5), 3, index).get(0))
                    .as("resample %d", index)
                    .isEqualTo(expected);
        }
    }

    @Test
    void intervalsOfAnAccuracyAreThoseOfTheBinomial() {
        // 80 of 100 are right, and the 2.5 % and 97.5 % points of Binomial(100, .8) are 72 and 87.
        int[] labels = new int[100];
        double[] scores = new double[100];
        for (int i = 0; i < 100; i++) {
            labels[i] = i % 2;
            scores[i] = (i < 80 ? labels[i] : 1 - labels[i]) * 0.8 + 0.1;
        }
        ScoredRows rows = new ScoredRows(labels, List.of(scores));
        ConfidenceInterval accuracy = Objects.requireNonNull(intervals(rows).get(Metric.ACCURACY));
        // The percentiles of 2000 draws are off by about sd / sqrt(2000 * .025) * 2.3 = .013 at most times.
        assertThat(accuracy.low()).isCloseTo(0.72, within(0.015));
        assertThat(accuracy.high()).isCloseTo(0.87, within(0.015));
        assertThat(accuracy.resamples()).isEqualTo(RESAMPLES);
    }

    @Test
    void undefinedResamplesAreLeftOutAndCounted() {
        // With one positive among three rows, (2/3)^3 = 30 % of the resamples have none, 1/27 nothing else.
        ScoredRows rows = new ScoredRows(new int[] {1, 0, 0}, List.of(new double[] {0.9, 0.2, 0.1}));
        ConfidenceInterval auroc = Objects.requireNonNull(intervals(rows).get(Metric.AUROC));
        double defined = auroc.resamples() / (double) RESAMPLES;
        // Four standard deviations of a binomial proportion, sqrt(.667 * .333 / 2000) = .0105.
        assertThat(defined).isCloseTo(18.0 / 27, within(0.042));
        assertThat(auroc.low()).isEqualTo(1);
        ScoredRows oneClass = new ScoredRows(new int[] {1, 1}, List.of(new double[] {0.9, 0.2}));
        assertThat(intervals(oneClass)).doesNotContainKey(Metric.AUROC).doesNotContainKey(Metric.MCC);
    }

    @Test
    void modelsAreResampledOnTheSameRows() {
        int[] labels = {1, 0, 1, 0, 1};
        double[] scores = {0.9, 0.3, 0.4, 0.6, 0.8};
        ScoredRows twice = new ScoredRows(labels, List.of(scores, scores.clone()));
        for (int i = 0; i < 50; i++) {
            List<Map<Metric, Double>> both = twice.resampled(List.of(0.5, 0.5), 1, i);
            assertThat(both.get(0)).isEqualTo(both.get(1));
        }
    }

    @Test
    void percentilesAreObservedValues() {
        double[] values = new double[200];
        Arrays.setAll(values, i -> i + 1);
        // 2.5 % of 200 are 5 values, 97.5 % are 195.
        assertThat(ConfidenceInterval.of(values)).hasValue(new ConfidenceInterval(5, 195, 200));
        assertThat(ConfidenceInterval.of(new double[0])).isEmpty();
    }

    @Test
    void mcNemarsPIsTwiceTheTail() {
        // 1 against 5: 2 * (1 + 6) / 64.
        boolean[] first = {true, false, false, false, false, false, true, false};
        boolean[] second = {false, true, true, true, true, true, true, false};
        McNemar test = McNemar.of(first, second);
        assertThat(test).isEqualTo(new McNemar(1, 5));
        assertThat(test.p()).isCloseTo(14.0 / 64, within(1e-14)); // an incomplete beta function, to some roundings
        assertThat(new McNemar(5, 1).p()).isEqualTo(test.p());
        assertThat(new McNemar(3, 3).p()).as("not above one").isEqualTo(1);
        assertThat(new McNemar(0, 0).p()).isEqualTo(1);
        // 0 against 10: 2 / 1024.
        assertThat(new McNemar(0, 10).p()).isCloseTo(2.0 / 1024, within(1e-14));
    }

    private static Map<Metric, ConfidenceInterval> intervals(ScoredRows rows) {
        List<Map<Metric, Double>> resampled = new ArrayList<>();
        for (int i = 0; i < RESAMPLES; i++) {
            resampled.add(rows.resampled(List.of(0.5), 1, i).get(0));
        }
        return ConfidenceInterval.of(resampled);
    }
}

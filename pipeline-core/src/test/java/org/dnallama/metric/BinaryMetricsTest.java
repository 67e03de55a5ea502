package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

class BinaryMetricsTest {

    /** A handful of roundings in double. */
    private static final double ROUNDING = 1e-15;

    @Test
    void agreesWithAHandWorkedRanking() {
        // Ranked: 0.9+ 0.8- 0.7+ 0.6+ 0.4- 0.2-. Pairs won: 0.9 beats 3, 0.7 beats 2, 0.6 beats 2: 7 of 9.
        double[] scores = {0.4, 0.9, 0.2, 0.7, 0.8, 0.6};
        int[] labels = {0, 1, 0, 1, 0, 1};
        BinaryMetrics metrics = BinaryMetrics.of(scores, labels, 0.5);
        assertThat(metrics.ranked().auroc().orElseThrow()).isCloseTo(7.0 / 9, within(ROUNDING));
        // Precision at each positive: 1/1, 2/3, 3/4; their mean = (12 + 8 + 9) / 36 = 29/36.
        assertThat(metrics.ranked().auprc().orElseThrow()).isCloseTo(29.0 / 36, within(ROUNDING));
        assertThat(metrics.counts()).isEqualTo(new ConfusionCounts(3, 1, 2, 0));
        assertThat(metrics.roc().orElseThrow().points())
                .hasSize(7)
                .startsWith(new RocCurve.Point(Double.POSITIVE_INFINITY, 0, 0))
                .endsWith(new RocCurve.Point(0.2, 1, 1))
                .contains(new RocCurve.Point(0.7, 1.0 / 3, 2.0 / 3));
    }

    @Test
    void tiedScoresCountOneHalfWhateverTheirOrder() {
        // 0.8+ then a tie of 0.5+ 0.5+ 0.5-, then 0.1-. Pairs of 3 x 2: 0.8 wins 2; each 0.5+ wins 1 and ties 1, that
        // is 1.5 each: 5 of 6.
        double[] scores = {0.5, 0.8, 0.5, 0.1, 0.5};
        int[] labels = {1, 1, 0, 0, 1};
        BinaryMetrics metrics = BinaryMetrics.of(scores, labels, 0.5);
        assertThat(metrics.ranked().auroc().orElseThrow()).isCloseTo(5.0 / 6, within(ROUNDING));
        // Recall 1/3 at precision 1, then recall 1 at precision 3/4: 1/3 + 2/3 * 3/4 = 5/6.
        assertThat(metrics.ranked().auprc().orElseThrow()).isCloseTo(5.0 / 6, within(ROUNDING));
        assertThat(metrics.roc().orElseThrow().points())
                .as("one step for each distinct score")
                .hasSize(4);
        int[] otherOrder = {0, 1, 1, 0, 1};
        assertThat(BinaryMetrics.of(scores, otherOrder, 0.5).ranked().auroc())
                .isEqualTo(metrics.ranked().auroc());
        assertThat(BinaryMetrics.of(scores, otherOrder, 0.5).ranked().auprc())
                .isEqualTo(metrics.ranked().auprc());
    }

    @Test
    void equalScoresEverywhereAreChance() {
        // Every pair ties: 1/2. One group: precision = prevalence = 1/4.
        BinaryMetrics metrics = BinaryMetrics.of(new double[] {0, -0.0, 0, 0}, new int[] {1, 0, 0, 0}, 0.5);
        assertThat(metrics.ranked().auroc()).hasValue(0.5);
        assertThat(metrics.ranked().auprc()).hasValue(0.25);
        assertThat(metrics.roc().orElseThrow().points()).hasSize(2);
    }

    @Test
    void oneClassLeavesTheCurvesUndefined() {
        for (int label : new int[] {0, 1}) {
            BinaryMetrics metrics = BinaryMetrics.of(new double[] {0.9, 0.2}, new int[] {label, label}, 0.5);
            assertThat(metrics.ranked().auroc()).isEmpty();
            assertThat(metrics.ranked().auprc()).isEmpty();
            assertThat(metrics.counts().mcc()).isEmpty();
            ObjectNode json = metrics.toJson();
            assertThat(json.get("auroc").isNull()).isTrue();
            assertThat(json.get("mcc").isNull()).isTrue();
            assertThat(json.get("accuracy").asDouble()).isEqualTo(0.5);
        }
        assertThat(BinaryMetrics.of(new double[0], new int[0], 0.5).ranked().auroc())
                .isEmpty();
    }

    @Test
    void aurocEqualsTheCountOfPairs() {
        for (long seed = 0; seed < 300; seed++) {
            RandomGenerator random = new Seeds(seed).stream("auroc");
            int count = 2 + random.nextInt(60);
            double[] scores = new double[count];
            int[] labels = new int[count];
            int levels = 1 + random.nextInt(30); // few levels make many ties
            for (int i = 0; i < count; i++) {
                scores[i] = random.nextInt(levels) / (double) levels;
                labels[i] = random.nextInt(3) == 0 ? 1 : 0;
            }
            if (Arrays.stream(labels).distinct().count() < 2) {
                assertThat(RocCurve.of(RankedScores.of(scores, labels)))
                        .as("seed %d", seed)
                        .isEmpty();
                continue;
            }
            RocCurve curve = RocCurve.of(RankedScores.of(scores, labels)).orElseThrow();
            assertThat(curve.auroc()).as("seed %d", seed).isEqualTo(pairsWon(scores, labels));
            // Up to 61 trapezoids are summed, so roundings add up where the count of pairs has none.
            assertThat(curve.auroc()).as("seed %d", seed).isCloseTo(trapezoids(curve), within(1e-13));
        }
    }

    @Test
    void jsonHasTheDocumentedKeysInOrder() {
        ObjectNode json = BinaryMetrics.of(new double[] {0.9, 0.2}, new int[] {1, 0}, 0.25)
                .toJson();
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "mcc",
                        "f1",
                        "f1Macro",
                        "auroc",
                        "auprc",
                        "accuracy",
                        "precision",
                        "recall",
                        "brier",
                        "calibrationError",
                        "tp",
                        "fp",
                        "tn",
                        "fn",
                        "count",
                        "threshold");
        assertThat(json.get("auroc").asDouble()).isEqualTo(1);
        assertThat(json.get("threshold").asDouble()).isEqualTo(0.25);
        assertThat(json.get("count").asLong()).isEqualTo(2);
    }

    /** The definition: every positive against every negative. */
    private static double pairsWon(double[] scores, int[] labels) {
        long twiceWon = 0;
        long pairs = 0;
        for (int i = 0; i < scores.length; i++) {
            for (int j = 0; j < scores.length; j++) {
                if (labels[i] == 1 && labels[j] == 0) {
                    pairs++;
                    twiceWon += 1 + (int) Math.signum(scores[i] - scores[j]);
                }
            }
        }
        return twiceWon / (2.0 * pairs);
    }

    private static double trapezoids(RocCurve curve) {
        double area = 0;
        for (int i = 1; i < curve.points().size(); i++) {
            RocCurve.Point a = curve.points().get(i - 1);
            RocCurve.Point b = curve.points().get(i);
            area += (b.falsePositiveRate() - a.falsePositiveRate()) * (a.truePositiveRate() + b.truePositiveRate()) / 2;
        }
        return area;
    }
}

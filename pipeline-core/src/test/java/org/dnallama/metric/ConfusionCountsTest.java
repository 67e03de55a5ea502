package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ConfusionCountsTest {

    /** A handful of roundings in double. */
    private static final double ROUNDING = 1e-15;

    @Test
    void agreesWithAHandWorkedTable() {
        // tp 6, fp 2, tn 8, fn 4: positives 10, negatives 10, predicted positive 8, predicted negative 12.
        ConfusionCounts counts = new ConfusionCounts(6, 2, 8, 4);
        assertThat(counts.count()).isEqualTo(20);
        assertThat(counts.accuracy()).hasValue(14.0 / 20);
        assertThat(counts.precision()).hasValue(6.0 / 8);
        assertThat(counts.recall()).hasValue(6.0 / 10);
        // F1 = 12 / (12 + 2 + 4) = 2/3; of class 0: 16 / (16 + 2 + 4) = 8/11; mean = (22 + 24) / 66 = 23/33.
        assertThat(counts.f1().orElseThrow()).isCloseTo(2.0 / 3, within(ROUNDING));
        assertThat(counts.f1Macro().orElseThrow()).isCloseTo(23.0 / 33, within(ROUNDING));
        // MCC = (48 - 8) / sqrt(8 * 10 * 10 * 12) = 40 / sqrt(9600) = 1 / sqrt(6).
        assertThat(counts.mcc().orElseThrow()).isCloseTo(1 / Math.sqrt(6), within(ROUNDING));
    }

    @Test
    void aPerfectAndAnInvertedClassifierReachTheEnds() {
        assertThat(new ConfusionCounts(3, 0, 5, 0).mcc().orElseThrow()).isCloseTo(1, within(ROUNDING));
        assertThat(new ConfusionCounts(0, 5, 0, 3).mcc().orElseThrow()).isCloseTo(-1, within(ROUNDING));
        // Here the zeros are zeros: every denominator is positive.
        assertThat(new ConfusionCounts(0, 5, 0, 3).f1()).hasValue(0);
        assertThat(new ConfusionCounts(0, 5, 0, 3).precision()).hasValue(0);
    }

    @Test
    void undefinedIsEmptyAndNotZero() {
        ConfusionCounts nothing = new ConfusionCounts(0, 0, 0, 0);
        assertThat(nothing.accuracy()).isEmpty();
        assertThat(nothing.f1()).isEmpty();
        assertThat(nothing.mcc()).isEmpty();

        ConfusionCounts onlyNegatives = new ConfusionCounts(0, 1, 4, 0);
        assertThat(onlyNegatives.recall()).isEmpty();
        assertThat(onlyNegatives.mcc()).isEmpty();
        assertThat(onlyNegatives.precision()).hasValue(0);
        assertThat(onlyNegatives.accuracy()).hasValue(4.0 / 5);

        ConfusionCounts allCalledNegative = new ConfusionCounts(0, 0, 4, 2);
        assertThat(allCalledNegative.precision()).isEmpty();
        assertThat(allCalledNegative.mcc()).isEmpty();
        assertThat(allCalledNegative.recall()).hasValue(0);

        ConfusionCounts onlyNegativesAllRight = new ConfusionCounts(0, 0, 4, 0);
        assertThat(onlyNegativesAllRight.f1()).isEmpty();
        assertThat(onlyNegativesAllRight.f1Macro()).isEqualTo(OptionalDouble.empty());
    }

    @Test
    void countsOfABillionDoNotOverflow() {
        // The table of the first test times 1e9 has the same ratios.
        long b = 1_000_000_000L;
        ConfusionCounts counts = new ConfusionCounts(6 * b, 2 * b, 8 * b, 4 * b);
        assertThat(counts.mcc().orElseThrow()).isCloseTo(1 / Math.sqrt(6), within(ROUNDING));
        assertThat(counts.f1().orElseThrow()).isCloseTo(2.0 / 3, within(ROUNDING));
        assertThat(counts.accuracy()).hasValue(0.7);
        assertThat(new ConfusionCounts(b, b, b, b).mcc()).hasValue(0);
        // A million positives among a billion negatives: (1e6 * 1e9 - 0) / sqrt(1e6 * 1e6 * 1e9 * 1e9) = 1.
        assertThat(new ConfusionCounts(1_000_000, 0, b, 0).mcc().orElseThrow()).isCloseTo(1, within(ROUNDING));
    }

    @Test
    void refusesWhatIsNoTable() {
        assertThatThrownBy(() -> new ConfusionCounts(1, -1, 0, 0)).hasMessageContaining("fp=-1");
    }
}

package org.dnallama.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class RankedScoresTest {

    /** A handful of roundings in double. */
    private static final double ROUNDING = 1e-15;

    @Test
    void aScoreAtTheThresholdPredictsClassOne() {
        RankedScores ranked = RankedScores.of(new double[] {0.5, 0.49, 0.5, 0.1}, new int[] {1, 1, 0, 0});
        assertThat(ranked.at(0.5)).isEqualTo(new ConfusionCounts(1, 1, 1, 1));
        assertThat(ranked.at(0.49)).isEqualTo(new ConfusionCounts(2, 1, 1, 0));
        assertThat(ranked.at(0.6)).isEqualTo(new ConfusionCounts(0, 0, 2, 2));
        assertThat(ranked.at(-1)).isEqualTo(new ConfusionCounts(2, 2, 0, 0));
    }

    @Test
    void refusesWhatCannotBeRanked() {
        assertThatThrownBy(() -> RankedScores.of(new double[] {1}, new int[0]))
                .hasMessage("1 scores but 0 labels; there must be one label for each score");
        assertThatThrownBy(() -> RankedScores.of(new double[] {1}, new int[] {2}))
                .hasMessage("label 0 is 2; it must be 0 or 1");
        assertThatThrownBy(() -> RankedScores.of(new double[] {Double.NaN}, new int[] {1}))
                .hasMessageContaining("score 0 is NaN");
    }

    @Test
    void brierAndCalibrationAgreeWithAHandWorkedTable() {
        // Squares: 0.9+ .01, 0.8- .64, 0.8+ .04, 0.3+ .49, 0.1- .01; their mean is 1.19 / 5.
        double[] scores = {0.9, 0.8, 0.8, 0.3, 0.1};
        int[] labels = {1, 0, 1, 1, 0};
        RankedScores ranked = RankedScores.of(scores, labels);
        assertThat(ranked.brier().orElseThrow()).isCloseTo(1.19 / 5, within(ROUNDING));
        // Bins: [.9, 1] one of one, |.9 - 1| x 1; [.8, .9) one of two, |.8 - .5| x 2; [.3, .4) |.3 - 1|; [.1, .2) .1.
        Calibration calibration = Calibration.of(ranked).orElseThrow();
        assertThat(calibration.error()).isCloseTo((0.1 + 0.6 + 0.7 + 0.1) / 5, within(ROUNDING));
        assertThat(calibration.bins()).hasSize(4);
        assertThat(calibration.bins().get(2)).isEqualTo(new Calibration.Bin(2, 1, 0.8));
        assertThat(calibration.bins().get(2).positiveFraction()).isEqualTo(0.5);
    }

    @Test
    void edgesOfBinsBelongToTheBinAbove() {
        Calibration calibration = Calibration.of(
                        RankedScores.of(new double[] {0, 0.1, 0.5, 0.95, 1}, new int[] {0, 0, 1, 1, 1}))
                .orElseThrow();
        assertThat(calibration.bins()).extracting(Calibration.Bin::count).containsExactly(1L, 1L, 1L, 2L);
    }

    @Test
    void whatNeedsProbabilitiesIsUndefinedWithoutThem() {
        for (RankedScores ranked : new RankedScores[] {
            RankedScores.of(new double[] {0.5, 1.5}, new int[] {0, 1}),
            RankedScores.of(new double[] {-0.5, 0.5}, new int[] {0, 1}),
            RankedScores.of(new double[0], new int[0])
        }) {
            assertThat(ranked.brier()).isEmpty();
            assertThat(Calibration.of(ranked)).isEmpty();
        }
        RankedScores oneClass = RankedScores.of(new double[] {0.5, 1}, new int[] {1, 1});
        assertThat(oneClass.brier()).as("of one class it is defined").hasValue(0.125);
    }

    @Test
    void theThresholdOfDevIsTheMiddleOfTheBestGap() {
        // After two MCC is (2*3 - 0*1) / sqrt(2 * 3 * 3 * 4) = .707, after four (3*2 - 1*0) / sqrt(4 * 3 * 3 * 2), the
        // same; the gaps' middles are 0.75 and 0.3.
        double[] scores = {0.9, 0.8, 0.7, 0.4, 0.2, 0.1};
        int[] labels = {1, 1, 0, 1, 0, 0};
        assertThat(BestThreshold.of(RankedScores.of(scores, labels)).orElseThrow())
                .as("the one nearer to 0.5")
                .isCloseTo(0.3, within(ROUNDING));
        int[] clear = {1, 1, 0, 0, 0, 0};
        assertThat(BestThreshold.of(RankedScores.of(scores, clear))).hasValue(0.75);
    }

    @Test
    void noThresholdIsChosenWhereMccIsUndefined() {
        assertThat(BestThreshold.of(RankedScores.of(new double[] {0.1, 0.9}, new int[] {1, 1})))
                .isEmpty();
        assertThat(BestThreshold.of(RankedScores.of(new double[] {0.5, 0.5}, new int[] {0, 1})))
                .as("no threshold tells equal scores apart")
                .isEmpty();
        double above = Math.nextUp(0.5);
        assertThat(BestThreshold.of(RankedScores.of(new double[] {0.5, above}, new int[] {0, 1})))
                .as("nothing lies between neighbouring doubles")
                .hasValue(above);
    }
}

package org.dnallama.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FittingTest {

    private static Fitting upTo(int most, TooLong tooLong) {
        return new Fitting(bases -> bases.length() <= most, tooLong);
    }

    @Test
    void whatFitsIsLeftAlone() {
        for (TooLong tooLong : TooLong.values()) {
            assertThat(upTo(4, tooLong).pieces("ACGT")).containsExactly("ACGT");
        }
    }

    @Test
    void croppingKeepsTheFirstBases() {
        assertThat(upTo(4, TooLong.CROP).pieces("ACGTACG")).containsExactly("ACGT");
        assertThat(upTo(1, TooLong.CROP).pieces("GC")).containsExactly("G");
    }

    @Test
    void windowsOverlapByHalfAndReachTheEnd() {
        assertThat(upTo(4, TooLong.WINDOW).pieces("AACCGGTTA")).containsExactly("AACC", "CCGG", "GGTT", "GTTA");
        assertThat(upTo(4, TooLong.WINDOW).pieces("AACCGGTT")).containsExactly("AACC", "CCGG", "GGTT");
        assertThat(upTo(1, TooLong.WINDOW).pieces("ACG")).containsExactly("A", "C", "G");
    }

    @Test
    void aWindowWithMoreTokensThanTheFirstIsCropped() {
        // As byte-pair encodings do: here each T counts twice.
        Fitting fitting = new Fitting(
                bases -> bases.length() + bases.chars().filter(c -> c == 'T').count() <= 4, TooLong.WINDOW);
        assertThat(fitting.pieces("AAAATTTT")).containsExactly("AAAA", "AAT", "TT");
    }
}

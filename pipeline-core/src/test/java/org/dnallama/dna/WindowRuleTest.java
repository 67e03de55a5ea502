package org.dnallama.dna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class WindowRuleTest {

    private static Stretch contig(String letters) {
        return Stretch.of(new Interval("c", 0, letters.length()), letters.getBytes(StandardCharsets.US_ASCII));
    }

    private static List<Interval> pieces(WindowRule rule, String letters, long start) {
        return rule.pieces(contig(letters), start, letters.length(), position -> false);
    }

    @Test
    void splitsAWindowAtNAndKeepsOtherAmbiguityCodes() {
        WindowRule rule = new WindowRule(10, 10, 2);
        assertThat(pieces(rule, "ACRNNnTTNA", 0)).containsExactly(new Interval("c", 0, 3), new Interval("c", 6, 8));
        assertThat(pieces(rule, "NNNNNNNNNN", 0)).isEmpty();
    }

    @Test
    void cutsTheLastWindowAtTheContigsEnd() {
        WindowRule rule = new WindowRule(4, 4, 2);
        assertThat(pieces(rule, "ACGTAC", 4)).containsExactly(new Interval("c", 4, 6));
        assertThat(pieces(rule, "ACGTA", 4)).isEmpty();
    }

    @Test
    void leavesOutAPieceThatTheWindowBeforeHoldsWhole() {
        WindowRule rule = new WindowRule(4, 2, 1);
        assertThat(pieces(rule, "ACGTACG", 2)).containsExactly(new Interval("c", 2, 6));
        assertThat(pieces(rule, "ACGTAC", 4)).isEmpty();
        assertThat(pieces(rule, "ACGNACG", 2)).containsExactly(new Interval("c", 4, 6));
    }

    @Test
    void cutsBeforeGivenPositions() {
        assertThat(new WindowRule(6, 3, 2).pieces(contig("ACGTAC"), 0, 6, position -> position == 4))
                .containsExactly(new Interval("c", 0, 4), new Interval("c", 4, 6));
    }

    @Test
    void findsTheGrid() {
        WindowRule rule = new WindowRule(3, 5, 1);
        assertThat(rule.startFrom(0)).isZero();
        assertThat(rule.startFrom(1)).isEqualTo(5);
        assertThat(rule.startFrom(5)).isEqualTo(5);
        assertThat(rule.reaches(7)).isTrue();
        assertThat(rule.reaches(8)).isFalse();
    }

    @Test
    void checksBounds() {
        assertThatThrownBy(() -> new WindowRule(4, 4, 5)).hasMessageContaining("minLength 5");
        assertThatThrownBy(() -> new Interval("c", 5, 4)).hasMessageContaining("[5, 4)");
        assertThat(Interval.ofOneBasedClosed("chr1", 1, 100).lengthBases()).isEqualTo(100);
    }
}

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

    private static Interval whole(String letters) {
        return new Interval("c", 0, letters.length());
    }

    private static List<Interval> pieces(WindowRule rule, String letters, long start) {
        return rule.pieces(contig(letters), start, whole(letters), position -> Long.MAX_VALUE)
                .kept();
    }

    @Test
    void splitsAWindowAtNAndKeepsOtherAmbiguityCodes() {
        WindowRule rule = WindowRule.splittingAtN(10, 10, 2);
        assertThat(pieces(rule, "ACRNNnTTNA", 0)).containsExactly(new Interval("c", 0, 3), new Interval("c", 6, 8));
        assertThat(pieces(rule, "NNNNNNNNNN", 0)).isEmpty();
    }

    @Test
    void cutsTheLastWindowAtTheContigsEnd() {
        WindowRule rule = WindowRule.splittingAtN(4, 4, 2);
        assertThat(pieces(rule, "ACGTAC", 4)).containsExactly(new Interval("c", 4, 6));
        assertThat(pieces(rule, "ACGTA", 4)).isEmpty();
    }

    @Test
    void leavesOutAPieceThatTheWindowBeforeHoldsWhole() {
        WindowRule rule = WindowRule.splittingAtN(4, 2, 1);
        assertThat(pieces(rule, "ACGTACG", 2)).containsExactly(new Interval("c", 2, 6));
        assertThat(pieces(rule, "ACGTAC", 4)).isEmpty();
        assertThat(pieces(rule, "ACGNACG", 2)).containsExactly(new Interval("c", 4, 6));
    }

    @Test
    void cutsBeforeGivenPositions() {
        assertThat(WindowRule.splittingAtN(6, 3, 2)
                        .pieces(contig("ACGTAC"), 0, whole("ACGTAC"), position -> position < 4 ? 4 : 9)
                        .kept())
                .containsExactly(new Interval("c", 0, 4), new Interval("c", 4, 6));
    }

    @Test
    void findsTheGrid() {
        WindowRule rule = WindowRule.splittingAtN(3, 5, 1);
        Interval all = new Interval("c", 0, 100);
        assertThat(rule.firstReaching(0, all)).isZero();
        assertThat(rule.firstReaching(2, all)).isZero();
        assertThat(rule.firstReaching(3, all)).isEqualTo(5);
        assertThat(rule.firstReaching(7, all)).isEqualTo(5);
        assertThat(rule.firstReaching(8, all)).isEqualTo(10);
        // Windows at 6, 7 and 8 reach into a region from 8 on, but the one at 8 holds all that they hold of it.
        assertThat(WindowRule.splittingAtN(3, 1, 1).firstReaching(8, new Interval("c", 8, 20)))
                .isEqualTo(8);
    }

    @Test
    void checksBounds() {
        assertThatThrownBy(() -> WindowRule.splittingAtN(4, 4, 5)).hasMessageContaining("minLength 5");
        assertThatThrownBy(() -> new Interval("c", 5, 4)).hasMessageContaining("[5, 4)");
        assertThat(Interval.ofOneBasedClosed("chr1", 1, 100).lengthBases()).isEqualTo(100);
    }

    @Test
    void keepsNWhenTold() {
        WindowRule mask = new WindowRule(4, 4, new PieceRule(2, NPolicy.MASK, 0));
        assertThat(pieces(mask, "ANNCNNNN", 0)).containsExactly(new Interval("c", 0, 4));
        assertThat(pieces(mask, "ANNCNNNN", 4)).isEmpty();
        WindowRule drop = new WindowRule(4, 4, new PieceRule(2, NPolicy.DROP, 0.25));
        assertThat(pieces(drop, "ANGCANNC", 0)).containsExactly(new Interval("c", 0, 4));
        assertThat(drop.pieces(contig("ANGCANNC"), 4, whole("ANGCANNC"), position -> 99)
                        .richInN())
                .containsExactly(new Interval("c", 4, 8));
    }

    @Test
    void staysWithinARegion() {
        WindowRule rule = WindowRule.splittingAtN(4, 4, 1);
        Interval region = new Interval("c", 2, 7);
        assertThat(rule.pieces(contig("ACGTACGT"), 0, region, position -> 99).kept())
                .containsExactly(new Interval("c", 2, 4));
        assertThat(rule.pieces(contig("ACGTACGT"), 4, region, position -> 99).kept())
                .containsExactly(new Interval("c", 4, 7));
    }
}

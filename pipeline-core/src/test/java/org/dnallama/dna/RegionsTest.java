package org.dnallama.dna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;

class RegionsTest {

    private static final Contig CHR1 = new Contig("chr1", 100, 6, 60, 61);
    private static final Contig ALT = new Contig("chr1_alt", 50, 200, 60, 61);
    private static final List<Contig> CONTIGS = List.of(CHR1, ALT);

    private static Map<String, List<Interval>> bed(String text) {
        return Bed.read("r.bed", text, CONTIGS);
    }

    private static Interval chr1(long start, long end) {
        return new Interval("chr1", start, end);
    }

    @Test
    void readsTheFirstThreeColumnsInAnyOrderOfLines() {
        assertThat(bed("# my regions\ntrack name=x\nbrowser position chr1\n\nchr1\t50\t60\tname\t0\t+\r\nchr1 0 10\n"))
                .isEqualTo(Map.of("chr1", List.of(chr1(0, 10), chr1(50, 60))));
    }

    @Test
    void namesFileAndLineOfWhatIsWrong() {
        for (Map.Entry<String, String> bad : Map.of(
                        "chr1\t0\t10\nchr1\t5\n", "r.bed:2: is 'chr1\t5'; a line must be 'contig start end'",
                        "chr1\tx\t10\n", "r.bed:1: is 'chr1\tx\t10'",
                        "chr1\t10\t10\n", "r.bed:1: [10, 10) must hold a base and lie in [0, 100)",
                        "chr1\t0\t101\n", "r.bed:1: [0, 101) must hold a base and lie in [0, 100)",
                        "1\t0\t10\n", "r.bed:1: there is no contig 1 in the input",
                        "chr1\t0\t10\nchr1\t20\t30\nchr1\t9\t12\n",
                                "r.bed:3: chr1:[9, 12) overlaps line 1, chr1:[0, 10); merge them",
                        "# none\n", "r.bed: has no interval")
                .entrySet()) {
            assertThatThrownBy(() -> bed(bad.getKey()))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(bad.getValue());
        }
    }

    @Test
    void whatIsWantedIsWhatIsIncludedWithoutWhatIsExcluded() {
        Regions regions = new Regions(
                List.of(),
                List.of(),
                Optional.of(bed("chr1 10 50\nchr1 60 80\n")),
                bed("chr1 0 12\nchr1 20 30\nchr1 45 70\nchr1 90 95\n"));
        assertThat(regions.of(CHR1)).containsExactly(chr1(12, 20), chr1(30, 45), chr1(70, 80));
        assertThat(regions.of(ALT)).isEmpty();
        assertThat(Regions.ALL.of(CHR1)).containsExactly(chr1(0, 100));
    }

    @Test
    void patternsChooseContigs() {
        Regions regions = new Regions(List.of("chr?", "chr*_alt"), List.of("*_alt"), Optional.empty(), Map.of());
        assertThat(regions.of(CHR1)).hasSize(1);
        assertThat(regions.of(ALT)).isEmpty();
        regions.requireMatches(CONTIGS);
        Regions slip = new Regions(List.of("Chr1"), List.of(), Optional.empty(), Map.of());
        assertThatThrownBy(() -> slip.requireMatches(CONTIGS))
                .isInstanceOf(InputException.class)
                .hasMessage("ingest.contigs.allow: no contig matches 'Chr1'; the input has [chr1, chr1_alt]");
        assertThat(Regions.matches("a.b", "axb")).isFalse();
    }
}

package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.Interval;
import org.dnallama.dna.NPolicy;
import org.dnallama.dna.PieceRule;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeTokenizerTest {

    private StrandRule strands = StrandRule.FORWARD;
    private Optional<Interval> region = Optional.empty();

    @TempDir
    Path folder;

    private static String randomBases(int length) {
        RandomGenerator random = Ranges.SEEDS.stream("test");
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            if (random.nextInt(60) == 0) {
                text.append("N".repeat(1 + random.nextInt(30)));
            }
            text.append("ACGTacgtR".charAt(random.nextInt(9)));
        }
        return text.substring(0, length);
    }

    private Ranges.Whole run(String bases, WindowRule windows, SplitRule splits, Tokenizer tokenizer, int rangeBases)
            throws IOException {
        ChunkRule rule = new ChunkRule(new BaseWindows(windows), UnknownBytes.REJECT, Ambiguity.KEEP, strands, splits);
        return new Ranges(folder, rule, tokenizer)
                .run(bases, region.orElse(new Interval("c", 0, bases.length())), rangeBases);
    }

    @Test
    void rowsAndCountsDoNotDependOnTheRanges() throws IOException {
        String bases = randomBases(3000);
        SplitRule splits = new SplitRule.ByHash(7, 0.3, 100);
        for (WindowRule windows : List.of(
                WindowRule.splittingAtN(64, 64, 8),
                WindowRule.splittingAtN(64, 24, 8),
                WindowRule.splittingAtN(40, 64, 8),
                WindowRule.splittingAtN(9, 1, 3),
                new WindowRule(64, 24, new PieceRule(8, NPolicy.DROP, 0.1)),
                new WindowRule(40, 64, new PieceRule(8, NPolicy.MASK, 0)))) {
            for (Tokenizer tokenizer :
                    List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3), new KmerTokenizer(3, 2))) {
                Ranges.Whole whole = run(bases, windows, splits, tokenizer, 3000);
                for (int rangeBases : new int[] {7, 50, 64, 999}) {
                    Ranges.Whole other = run(bases, windows, splits, tokenizer, rangeBases);
                    assertThat(other.texts())
                            .as("%s, ranges of %d", windows, rangeBases)
                            .isEqualTo(whole.texts());
                    assertThat(other.counts()).isEqualTo(whole.counts());
                }
                if (windows.kept().nPolicy() == NPolicy.SPLIT) {
                    assertCountsAdd(bases, whole, windows);
                }
            }
        }
    }

    @Test
    void rowsOfARegionDoNotDependOnTheRangesEither() throws IOException {
        String bases = randomBases(3000);
        strands = StrandRule.BOTH;
        region = Optional.of(new Interval("c", 1001, 2222));
        SplitRule splits = new SplitRule.ByHash(7, 0.3, 100);
        for (WindowRule windows : List.of(
                WindowRule.splittingAtN(64, 24, 8), new WindowRule(50, 70, new PieceRule(8, NPolicy.DROP, 0.1)))) {
            Ranges.Whole whole = run(bases, windows, splits, new KmerTokenizer(3, 2), 3000);
            for (int rangeBases : new int[] {7, 50, 999}) {
                Ranges.Whole other = run(bases, windows, splits, new KmerTokenizer(3, 2), rangeBases);
                assertThat(other.texts()).isEqualTo(whole.texts());
                assertThat(other.counts()).isEqualTo(whole.counts());
            }
            assertThat(whole.intervals()).allMatch(row -> row.start() >= 1001 && row.end() <= 2222);
            assertThat(whole.intervals()).anyMatch(row -> row.start() == 1001);
        }
    }

    @Test
    void theOtherStrandIsTheReverseComplementWithItsSoftMask() throws IOException {
        strands = StrandRule.BOTH;
        // Reverse complement of AARCCgtg is cacGGYTT: CAC, GGY and two bases, which fill no 3-mer, behind.
        Ranges.Whole whole = run(
                "AARCCgtg",
                WindowRule.splittingAtN(8, 8, 3),
                new SplitRule.ByContig(List.of()),
                new KmerTokenizer(3, 3),
                9);
        int cac = new KmerTokenizer(3, 3).encode("CAC")[0];
        int acg = new KmerTokenizer(3, 3).encode("CCG")[0];
        assertThat(whole.texts()).hasSize(2);
        assertThat(whole.texts().get(0))
                .startsWith("c:[0, 6)+ [3, " + acg + "]")
                .endsWith("[0.0, 0.33333334]");
        assertThat(whole.texts().get(1))
                .startsWith("c:[2, 8)- [" + cac + ", 3]")
                .endsWith("[1.0, 0.0]");
        assertThat(whole.counts()).isEqualTo(new BaseCounts(8, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void aRandomStrandIsChosenForHalfOfTheWindows() throws IOException {
        strands = StrandRule.RANDOM;
        Ranges.Whole whole = run(
                "ACGTTGCA".repeat(4000),
                WindowRule.splittingAtN(8, 8, 8),
                new SplitRule.ByContig(List.of()),
                new CharacterTokenizer(),
                1000);
        long reverse = whole.texts().stream().filter(row -> row.contains(")- ")).count();
        // 2000 of 4000 expected; five standard deviations are 5 * sqrt(4000) / 2 = 158.
        assertThat(reverse).isBetween(1842L, 2158L);
        assertThat(whole.texts()).hasSize(4000);
    }

    private static void assertCountsAdd(String bases, Ranges.Whole whole, WindowRule windows) {
        BitSet covered = new BitSet();
        whole.intervals().forEach(row -> covered.set((int) row.start(), (int) row.end()));
        assertThat(whole.counts().n())
                .isEqualTo(bases.chars().filter(c -> c == 'N').count());
        assertThat(whole.counts().gap() > 0).isEqualTo(windows.stride() > windows.window());
        for (int i = covered.nextSetBit(0); i >= 0; i = covered.nextSetBit(i + 1)) {
            assertThat(bases.charAt(i)).isNotEqualTo('N');
        }
    }

    @Test
    void countsByReasonWorkedByHand() throws IOException {
        // Windows [0,8) and [10,18) and [20,23): bases 8, 9, 18, 19 lie in gaps; [0,5) is kept and its last 2 bases
        // fill no 3-mer; position 7 and [20,23) stand in pieces shorter than 4; 5 and 6 are N.
        Ranges.Whole whole = run(
                "ACGTANNCACGTACGTACGTACG",
                WindowRule.splittingAtN(8, 10, 4),
                new SplitRule.ByContig(List.of()),
                new KmerTokenizer(3, 3),
                100);
        assertThat(whole.intervals()).containsExactly(new Interval("c", 0, 3), new Interval("c", 10, 16));
        assertThat(whole.counts()).isEqualTo(new BaseCounts(9, 2, 0, 4, 4, 4, 0));
    }

    @Test
    void splitsShareNoBaseEvenWhenWindowsOverlap() throws IOException {
        String bases = randomBases(5000);
        SplitRule splits = new SplitRule.ByHash(7, 0.5, 100);
        Ranges.Whole whole = run(bases, WindowRule.splittingAtN(64, 16, 4), splits, new CharacterTokenizer(), 1000);
        BitSet train = new BitSet();
        BitSet valid = new BitSet();
        for (Interval row : whole.intervals()) {
            (splits.of("c", row.start()) == Split.TRAIN ? train : valid).set((int) row.start(), (int) row.end());
        }
        assertThat(train.cardinality()).isPositive();
        assertThat(valid.cardinality()).isPositive();
        assertThat(train.intersects(valid)).isFalse();
    }

    @Test
    void softMaskIsTheFractionOfEachToken() throws IOException {
        Ranges.Whole whole = run(
                "ACgtttAAA",
                WindowRule.splittingAtN(9, 9, 3),
                new SplitRule.ByContig(List.of("c")),
                new KmerTokenizer(3, 3),
                9);
        assertThat(whole.texts()).singleElement().asString().contains("VALID").endsWith("[0.33333334, 1.0, 0.0]");
    }

    @Test
    void hashHoldsOutAboutTheFractionAskedFor() {
        SplitRule splits = new SplitRule.ByHash(1, 0.2, 10);
        int valid = 0;
        for (int region = 0; region < 10_000; region++) {
            assertThat(splits.of("c", region * 10L)).isEqualTo(splits.of("c", region * 10L + 9));
            valid += splits.of("c", region * 10L) == Split.VALID ? 1 : 0;
        }
        // 2000 expected; five standard deviations are 5 * sqrt(10000 * 0.2 * 0.8) = 200.
        assertThat(valid).isBetween(1800, 2200);
    }
}

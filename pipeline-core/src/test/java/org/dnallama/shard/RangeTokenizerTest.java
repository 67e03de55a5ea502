package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Interval;
import org.dnallama.dna.NPolicy;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.dna.WindowRule;
import org.dnallama.spark.HadoopFiles;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RangeTokenizerTest {

    private static final Seeds SEEDS = new Seeds(7);

    private static final HadoopFiles FILES = new HadoopFiles(new Configuration());

    private StrandRule strands = StrandRule.FORWARD;
    private Optional<Interval> region = Optional.empty();

    @TempDir
    Path folder;

    private record Whole(List<String> rows, List<Interval> intervals, BaseCounts counts) {}

    private static String randomBases(int length) {
        RandomGenerator random = SEEDS.stream("test");
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            if (random.nextInt(60) == 0) {
                text.append("N".repeat(1 + random.nextInt(30)));
            }
            text.append("ACGTacgtR".charAt(random.nextInt(9)));
        }
        return text.substring(0, length);
    }

    private Whole run(String bases, WindowRule windows, SplitRule splits, Tokenizer tokenizer, int rangeBases)
            throws IOException {
        Path file = Files.writeString(folder.resolve("c.fa"), ">c\n" + bases + "\n");
        java.nio.file.Files.deleteIfExists(folder.resolve("c.fa.fai"));
        FastaSource source = FastaSource.open(FILES, file.toString());
        RangeTokenizer ranges = new RangeTokenizer(
                new ChunkRule(windows, UnknownBytes.REJECT, Ambiguity.KEEP, strands, splits), tokenizer, SEEDS);
        Interval whole = new Interval("c", 0, bases.length());
        List<String> rows = new ArrayList<>();
        List<Interval> intervals = new ArrayList<>();
        BaseCounts counts = BaseCounts.ZERO;
        try (FastaReader reader = FastaReader.open(FILES, source)) {
            for (Interval range : RangeTokenizer.plan(region.orElse(whole), rangeBases)) {
                RangeTokenizer.Result result =
                        ranges.tokenize(reader, source.contigs().get(0), region.orElse(whole), range);
                for (ShardRow row : result.rows()) {
                    rows.add(row.interval() + row.strand().symbol() + " " + java.util.Arrays.toString(row.tokens())
                            + row.split() + row.order() + java.util.Arrays.toString(row.softMask()));
                    intervals.add(row.interval());
                }
                counts = counts.plus(result.counts());
            }
        }
        return new Whole(rows, intervals, counts);
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
                new WindowRule(64, 24, 8, NPolicy.DROP, 0.1),
                new WindowRule(40, 64, 8, NPolicy.MASK, 0))) {
            for (Tokenizer tokenizer :
                    List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3), new KmerTokenizer(3, 2))) {
                Whole whole = run(bases, windows, splits, tokenizer, 3000);
                for (int rangeBases : new int[] {7, 50, 64, 999}) {
                    assertThat(run(bases, windows, splits, tokenizer, rangeBases))
                            .as("%s, ranges of %d", windows, rangeBases)
                            .isEqualTo(whole);
                }
                if (windows.nPolicy() == NPolicy.SPLIT) {
                    assertCountsAdd(bases, whole, windows);
                }
                assertThat(whole.counts().in()).isEqualTo(bases.length());
            }
        }
    }

    @Test
    void rowsOfARegionDoNotDependOnTheRangesEither() throws IOException {
        String bases = randomBases(3000);
        strands = StrandRule.BOTH;
        region = Optional.of(new Interval("c", 1001, 2222));
        SplitRule splits = new SplitRule.ByHash(7, 0.3, 100);
        for (WindowRule windows :
                List.of(WindowRule.splittingAtN(64, 24, 8), new WindowRule(50, 70, 8, NPolicy.DROP, 0.1))) {
            Whole whole = run(bases, windows, splits, new KmerTokenizer(3, 2), 3000);
            for (int rangeBases : new int[] {7, 50, 999}) {
                assertThat(run(bases, windows, splits, new KmerTokenizer(3, 2), rangeBases))
                        .isEqualTo(whole);
            }
            assertThat(whole.counts().in()).isEqualTo(2222 - 1001);
            assertThat(whole.intervals()).allMatch(row -> row.start() >= 1001 && row.end() <= 2222);
            assertThat(whole.intervals()).anyMatch(row -> row.start() == 1001);
        }
    }

    @Test
    void theOtherStrandIsTheReverseComplementWithItsSoftMask() throws IOException {
        strands = StrandRule.BOTH;
        // Reverse complement of AARCCgtg is cacGGYTT: CAC, GGY and two bases, which fill no 3-mer, behind.
        Whole whole = run(
                "AARCCgtg",
                WindowRule.splittingAtN(8, 8, 3),
                new SplitRule.ByContig(List.of()),
                new KmerTokenizer(3, 3),
                9);
        int cac = new KmerTokenizer(3, 3).encode("CAC")[0];
        int acg = new KmerTokenizer(3, 3).encode("CCG")[0];
        assertThat(whole.rows()).hasSize(2);
        assertThat(whole.rows().get(0)).startsWith("c:[0, 6)+ [3, " + acg + "]").endsWith("[0.0, 0.33333334]");
        assertThat(whole.rows().get(1)).startsWith("c:[2, 8)- [" + cac + ", 3]").endsWith("[1.0, 0.0]");
        assertThat(whole.counts()).isEqualTo(new BaseCounts(8, 0, 0, 0, 0, 0, 0));
    }

    @Test
    void aRandomStrandIsChosenForHalfOfTheWindows() throws IOException {
        strands = StrandRule.RANDOM;
        Whole whole = run(
                "ACGTTGCA".repeat(4000),
                WindowRule.splittingAtN(8, 8, 8),
                new SplitRule.ByContig(List.of()),
                new CharacterTokenizer(),
                1000);
        long reverse = whole.rows().stream().filter(row -> row.contains(")- ")).count();
        // 2000 of 4000 expected; five standard deviations are 5 * sqrt(4000) / 2 = 158.
        assertThat(reverse).isBetween(1842L, 2158L);
        assertThat(whole.rows()).hasSize(4000);
    }

    private static void assertCountsAdd(String bases, Whole whole, WindowRule windows) {
        BitSet covered = new BitSet();
        whole.intervals().forEach(row -> covered.set((int) row.start(), (int) row.end()));
        assertThat(whole.counts().covered()).isEqualTo(covered.cardinality());
        assertThat(whole.counts().n())
                .isEqualTo(bases.chars().filter(c -> c == 'N').count());
        assertThat(whole.counts().in()).isEqualTo(bases.length());
        assertThat(whole.counts().gap() > 0).isEqualTo(windows.stride() > windows.window());
        for (int i = covered.nextSetBit(0); i >= 0; i = covered.nextSetBit(i + 1)) {
            assertThat(bases.charAt(i)).isNotEqualTo('N');
        }
    }

    @Test
    void countsByReasonWorkedByHand() throws IOException {
        // Windows [0,8) and [10,18) and [20,23): bases 8, 9, 18, 19 lie in gaps; [0,5) is kept and its last 2 bases
        // fill no 3-mer; position 7 and [20,23) stand in pieces shorter than 4; 5 and 6 are N.
        Whole whole = run(
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
        Whole whole = run(bases, WindowRule.splittingAtN(64, 16, 4), splits, new CharacterTokenizer(), 1000);
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
        Whole whole = run(
                "ACgtttAAA",
                WindowRule.splittingAtN(9, 9, 3),
                new SplitRule.ByContig(List.of("c")),
                new KmerTokenizer(3, 3),
                9);
        assertThat(whole.rows()).singleElement().asString().contains("VALID").endsWith("[0.33333334, 1.0, 0.0]");
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

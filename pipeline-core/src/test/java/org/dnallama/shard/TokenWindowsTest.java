package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.Interval;
import org.dnallama.dna.NPolicy;
import org.dnallama.dna.Nucleotides;
import org.dnallama.dna.PieceRule;
import org.dnallama.dna.Strand;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;
import org.dnallama.token.BpeCorpus;
import org.dnallama.token.BpeTrainer;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.PairCounts;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows of a number of tokens whose lengths differ. */
class TokenWindowsTest {

    private static final String BASES = genome(4000);
    private static final Tokenizer BPE = bpe(BASES);
    private static final SplitRule SPLITS = new SplitRule.ByHash(7, 0.3, 150);
    private static final SplitRule ONE_SPLIT = new SplitRule.ByContig(List.of());

    @TempDir
    Path folder;

    private static String genome(int length) {
        RandomGenerator random = Ranges.SEEDS.stream("token windows");
        StringBuilder text = new StringBuilder();
        while (text.length() < length) {
            switch (random.nextInt(12)) {
                case 0 -> text.append("N".repeat(1 + random.nextInt(40)));
                case 1 -> text.append("R");
                case 2 -> random.ints(30, 0, 4).forEach(i -> text.append("acgt".charAt(i)));
                default -> text.append("TATAAGGC").append("ACGT".charAt(random.nextInt(4)));
            }
        }
        return text.substring(0, length);
    }

    private static Tokenizer bpe(String bases) {
        BpeCorpus corpus = new BpeCorpus();
        corpus.add(bases.toUpperCase(Locale.ROOT));
        BpeTrainer trainer = new BpeTrainer(40, 12);
        int done = 0;
        PairCounts change;
        do {
            int[] merges = trainer.merges();
            change = corpus.merge(merges, done);
            done = merges.length;
        } while (trainer.next(change));
        return trainer.tokenizer();
    }

    private Ranges ranges(TokenWindows windows, StrandRule strands, SplitRule splits, Tokenizer tokenizer) {
        return new Ranges(
                folder, new ChunkRule(windows, UnknownBytes.REJECT, Ambiguity.KEEP, strands, splits), tokenizer);
    }

    @Test
    void rowsAndCountsDoNotDependOnTheRanges() throws IOException {
        for (Interval region : List.of(new Interval("c", 0, 4000), new Interval("c", 777, 2999))) {
            for (TokenWindows windows : List.of(
                    new TokenWindows(16, 16, 500, PieceRule.splittingAtN(8)),
                    new TokenWindows(16, 5, 300, PieceRule.splittingAtN(8)),
                    new TokenWindows(6, 10, 300, PieceRule.splittingAtN(8)),
                    new TokenWindows(16, 16, 300, new PieceRule(8, NPolicy.DROP, 0.2)),
                    new TokenWindows(16, 12, 300, new PieceRule(8, NPolicy.MASK, 0)))) {
                for (StrandRule strands : StrandRule.values()) {
                    for (Tokenizer tokenizer : List.of(BPE, new KmerTokenizer(3, 2))) {
                        Ranges ranges = ranges(windows, strands, SPLITS, tokenizer);
                        Ranges.Whole whole = ranges.run(BASES, region, 4000);
                        for (int rangeBases : new int[] {61, 300, 1234}) {
                            Ranges.Whole other = ranges.run(BASES, region, rangeBases);
                            assertThat(other.texts())
                                    .as("%s, %s, ranges of %d", windows, strands, rangeBases)
                                    .isEqualTo(whole.texts());
                            assertThat(other.counts()).isEqualTo(whole.counts());
                        }
                    }
                }
            }
        }
    }

    /** What the rule says, in the plainest way. */
    private static List<String> expected(int window, int stride, int blockBases) {
        List<String> rows = new ArrayList<>();
        String upper = BASES.toUpperCase(Locale.ROOT);
        int start = 0;
        for (int end = 1; end <= upper.length(); end++) {
            boolean cut = end == upper.length()
                    || end % blockBases == 0
                    || upper.charAt(end) == 'N'
                    || upper.charAt(end - 1) == 'N'
                    || SPLITS.of("c", end) != SPLITS.of("c", end - 1);
            if (cut) {
                if (upper.charAt(start) != 'N') {
                    String piece = upper.substring(start, end);
                    windows(piece, window, stride).forEach(addTo(rows, start, end, Strand.FORWARD));
                    windows(Nucleotides.reverseComplement(piece), window, stride)
                            .forEach(addTo(rows, start, end, Strand.REVERSE));
                }
                start = end;
            }
        }
        return rows;
    }

    private static java.util.function.Consumer<String[]> addTo(List<String> rows, int start, int end, Strand strand) {
        return row -> {
            int before = row[0].length();
            int first = strand == Strand.FORWARD ? start + before : end - before - row[1].length();
            rows.add(first + strand.symbol() + row[1]);
        };
    }

    /** The letters before each window, and its own. */
    private static List<String[]> windows(String text, int window, int stride) {
        List<String> tokens = new ArrayList<>();
        String left = text;
        for (int token : BPE.encode(text)) {
            tokens.add(left.substring(0, BPE.basesPerToken(token)));
            left = left.substring(BPE.basesPerToken(token));
        }
        List<String[]> windows = new ArrayList<>();
        for (int from = 0; from < tokens.size(); from += stride) {
            int to = Math.min(from + window, tokens.size());
            windows.add(
                    new String[] {String.join("", tokens.subList(0, from)), String.join("", tokens.subList(from, to))});
            if (to == tokens.size()) {
                break;
            }
        }
        return windows;
    }

    @Test
    void rowsAreThoseOfTheRule() throws IOException {
        for (int stride : new int[] {4, 10, 13}) {
            Ranges ranges =
                    ranges(new TokenWindows(10, stride, 400, PieceRule.splittingAtN(1)), StrandRule.BOTH, SPLITS, BPE);
            List<String> rows = new ArrayList<>();
            int full = 0;
            for (ShardRow row :
                    ranges.run(BASES, new Interval("c", 0, 4000), 900).rows()) {
                String forward = BASES.substring((int) row.interval().start(), (int)
                                row.interval().end())
                        .toUpperCase(Locale.ROOT);
                String read = row.strand() == Strand.FORWARD ? forward : Nucleotides.reverseComplement(forward);
                rows.add(row.interval().start() + row.strand().symbol() + read);
                // A part of an encoding is the encoding of its part.
                assertThat(row.tokens()).isEqualTo(BPE.encode(read)).hasSizeLessThanOrEqualTo(10);
                assertThat(row.split()).isEqualTo(SPLITS.of("c", row.interval().start()));
                full += row.tokens().length == 10 ? 1 : 0;
            }
            assertThat(rows).isEqualTo(expected(10, stride, 400));
            assertThat(full).isGreaterThan(rows.size() / 3);
        }
    }

    @Test
    void countsByReasonWorkedByHand() throws IOException {
        // Blocks of 10: windows of 3 at 0, 4, 8 in ACGTACGTAC leave 3 and 7 in gaps, and AC at 8 is shorter than 3. In
        // GTNNACGTAC, GT is too short, and ACGTAC holds windows ACG and AC, which is too short, with a gap at 17.
        Ranges ranges = ranges(
                new TokenWindows(3, 4, 10, PieceRule.splittingAtN(3)),
                StrandRule.FORWARD,
                ONE_SPLIT,
                new CharacterTokenizer());
        Ranges.Whole whole = ranges.run("ACGTACGTACGTNNACGTAC", new Interval("c", 0, 20), 7);
        assertThat(whole.intervals())
                .containsExactly(new Interval("c", 0, 3), new Interval("c", 4, 7), new Interval("c", 14, 17));
        assertThat(whole.counts()).isEqualTo(new BaseCounts(9, 2, 0, 3, 6, 0, 0));
        // Read backwards, they start at the other end: 10, 6 and 2 to 0 of the first block.
        Ranges.Whole both = ranges(
                        new TokenWindows(3, 4, 10, PieceRule.splittingAtN(3)),
                        StrandRule.BOTH,
                        ONE_SPLIT,
                        new CharacterTokenizer())
                .run("ACGTACGTAC", new Interval("c", 0, 10), 10);
        assertThat(both.intervals())
                .containsExactly(
                        new Interval("c", 0, 3),
                        new Interval("c", 4, 7),
                        new Interval("c", 7, 10),
                        new Interval("c", 3, 6));
        assertThat(both.counts()).isEqualTo(new BaseCounts(10, 0, 0, 0, 0, 0, 0));
        // Of 3-mers that start every other base, the last of a window reaches a base beyond those it stands for.
        Ranges.Whole kmers = ranges(
                        new TokenWindows(2, 2, 10, PieceRule.splittingAtN(3)),
                        StrandRule.FORWARD,
                        ONE_SPLIT,
                        new KmerTokenizer(3, 2))
                .run("ACGTACGTAC", new Interval("c", 0, 10), 10);
        assertThat(kmers.intervals()).containsExactly(new Interval("c", 0, 5), new Interval("c", 4, 9));
        assertThat(kmers.counts()).isEqualTo(new BaseCounts(9, 0, 0, 0, 0, 1, 0));
    }

    @Test
    void aRangeReadsItsOwnBlocksAndNoMore() {
        TokenWindows windows = new TokenWindows(1000, 10, 100, PieceRule.splittingAtN(1));
        Interval region = new Interval("c", 30, 1_000_000_000);
        assertThat(windows.around(region, new Interval("c", 30, 230))).isEqualTo(new Interval("c", 30, 230));
        assertThat(windows.around(region, new Interval("c", 129, 131))).isEqualTo(new Interval("c", 30, 230));
        assertThat(windows.around(region, new Interval("c", 999_999_990, 1_000_000_000)))
                .isEqualTo(new Interval("c", 999_999_930, 1_000_000_000));
        assertThatThrownBy(() -> new TokenWindows(1, 0, 1, PieceRule.splittingAtN(1)))
                .hasMessageContaining("stride 0");
    }
}

package org.dnallama.shard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.KmerTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;

class PackerTest {

    private static ShardRow row(Tokenizer tokenizer, String bases, long start, Strand strand) {
        int[] tokens = tokenizer.encode(bases);
        float[] softMask = new float[tokens.length];
        for (int i = 0; i < tokens.length; i++) {
            softMask[i] = (start + i) % 2;
        }
        return new ShardRow(new Interval("c", start, start + bases.length()), strand, tokens, softMask, Split.TRAIN, 0);
    }

    private static List<PackedRow> pack(int length, Tokenizer tokenizer, List<ShardRow> rows) {
        List<PackedRow> packed = new ArrayList<>();
        Packer packer = new Packer(length, tokenizer, packed::add);
        rows.forEach(packer::add);
        packer.finish();
        packer.finish();
        return packed;
    }

    @Test
    void fillsRowsWithDocumentsAndCutsWhatDoesNotFit() {
        Tokenizer letters = new CharacterTokenizer();
        List<PackedRow> packed = pack(
                8,
                letters,
                List.of(row(letters, "ACG", 10, Strand.FORWARD), row(letters, "TTTTT", 20, Strand.REVERSE)));
        int a = letters.encode("A")[0];
        int t = letters.encode("T")[0];
        assertThat(packed).hasSize(2);
        // <s> A C G </s> <s> T </s>, then <s> T T T T </s> <pad> <pad>.
        assertThat(packed.get(0).tokens()).containsExactly(1, a, a + 1, a + 2, 2, 1, t, 2);
        assertThat(packed.get(0).boundaries()).containsExactly(0, 5, 8);
        assertThat(packed.get(0).softMask()).containsExactly(0, 0, 1, 0, 0, 0, 0, 0);
        assertThat(packed.get(1).tokens()).containsExactly(1, t, t, t, t, 2, 0, 0);
        assertThat(packed.get(1).boundaries()).containsExactly(0, 6);
        // The reverse strand is read from its end.
        assertThat(packed.get(0).documents())
                .containsExactly(
                        new PackedRow.Document(new Interval("c", 10, 13), Strand.FORWARD),
                        new PackedRow.Document(new Interval("c", 24, 25), Strand.REVERSE));
        assertThat(packed.get(1).documents())
                .containsExactly(new PackedRow.Document(new Interval("c", 20, 24), Strand.REVERSE));
        assertThat(packed.get(1).bases()).isEqualTo(4);
        assertThat(packed.get(1).ownTokens()).isEqualTo(4);
    }

    @Test
    void losesNoTokenAndNoBase() {
        for (Tokenizer tokenizer :
                List.of(new CharacterTokenizer(), new KmerTokenizer(4, 4), new KmerTokenizer(4, 1))) {
            RandomGenerator random = new Seeds(5).stream("rows");
            List<ShardRow> rows = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                String bases = "ACGT".repeat(1 + random.nextInt(30));
                rows.add(row(tokenizer, bases, 1000L * i, random.nextBoolean() ? Strand.FORWARD : Strand.REVERSE));
            }
            for (int length : new int[] {3, 4, 50, 1024}) {
                List<PackedRow> packed = pack(length, tokenizer, rows);
                // Ids 0 to 3 are special.
                int[] all = packed.stream()
                        .flatMapToInt(row -> IntStream.of(row.tokens()))
                        .filter(token -> token > 3)
                        .toArray();
                int[] expected = rows.stream()
                        .flatMapToInt(row -> IntStream.of(row.tokens()))
                        .toArray();
                assertThat(all).isEqualTo(expected);
                assertThat(packed.stream().mapToLong(PackedRow::ownTokens).sum())
                        .isEqualTo(expected.length);
                assertThat(packed.stream().mapToLong(PackedRow::bases).sum())
                        .isEqualTo(rows.stream().mapToLong(ShardRow::bases).sum());
                for (PackedRow row : packed.subList(0, packed.size() - 1)) {
                    assertThat(row.tokens()).hasSize(length);
                    assertThat(Arrays.stream(row.tokens())
                                    .filter(token -> token == tokenizer.padId())
                                    .count())
                            .isLessThanOrEqualTo(2);
                }
            }
        }
    }
}

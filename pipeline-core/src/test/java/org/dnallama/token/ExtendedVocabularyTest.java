package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class ExtendedVocabularyTest {

    /** A language model that knows all bytes and the word AC. */
    private static Tokenizer base() {
        List<String> tokens = new java.util.ArrayList<>();
        IntStream.range(0, 256).forEach(value -> tokens.add(String.valueOf((char) value)));
        tokens.add("AC");
        return new Llama3Tokenizer(tokens);
    }

    private static Tokenizer dna() {
        Map<String, Integer> tokens = new LinkedHashMap<>();
        for (String text : List.of("A", "C", "G", "T", "AC", "ACG")) {
            tokens.put(text, 4 + tokens.size());
        }
        return Tokenizers.read(TokenizerJson.merges(SpecialTokens.ids(), tokens, List.of("A C", "AC G"), "<unk>"));
    }

    @Test
    void newTokensComeAfterTheOldAndKnowTheirPieces() throws IOException {
        ExtendedVocabulary extension = ExtendedVocabulary.of(base(), dna());
        Tokenizer tokenizer = extension.tokenizer();
        // 257 tokens and 256 special ones; then <unk>, A, C, G, T, AC, ACG from 513 on.
        assertThat(tokenizer.encode("ACGTNAC")).containsExactly(519, 517, 513, 518);
        assertThat(tokenizer.vocabularySize()).isEqualTo(520);
        assertThat(tokenizer.beginId()).isEqualTo(257);
        assertThat(tokenizer.endId()).isEqualTo(258);
        assertThat(tokenizer.padId()).isEqualTo(261);
        assertThat(tokenizer.basesPerToken(519)).isEqualTo(3);
        assertThat(extension.baseVocabulary()).isEqualTo(513);
        assertThat(extension.pieces())
                .hasSize(7)
                .containsEntry(519, List.of(256, 71))
                .containsEntry(513, List.of(78));
        assertThat(extension.ids()).hasSize(7).containsEntry(9, 519).containsEntry(3, 513);
        try (HuggingFace theirs = new HuggingFace(tokenizer.toJson())) {
            assertThat(theirs.encode("ACGTNAC")).containsExactly(519, 517, 513, 518);
        }
    }

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> ExtendedVocabulary.of(dna(), dna()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not LLaMA-3's tokenizer");
        assertThatThrownBy(() -> ExtendedVocabulary.of(base(), new CharacterTokenizer()))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("only a byte-pair encoding of DNA");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = RealData.VARIABLE, matches = ".+", disabledReason = RealData.WHY_NOT)
    void dnabert2sTokensAfterThoseOfLlama3() throws IOException {
        Tokenizer base = Tokenizers.readFile("llama3", RealData.text("tokenizers/llama3/tokenizer.model"));
        Tokenizer dna = Tokenizers.readFile("dnabert2", RealData.text("tokenizers/dnabert2/tokenizer.json"));
        ExtendedVocabulary extension = ExtendedVocabulary.of(base, dna);
        // Of 4096 tokens, [CLS], [SEP], [PAD] and [MASK] stand for no bases.
        assertThat(extension.tokenizer().vocabularySize()).isEqualTo(128_256 + 4092);
        String bases = RealData.chr2().substring(500_000, 510_000);
        int[] expected =
                IntStream.of(dna.encode(bases)).map(extension.ids()::get).toArray();
        assertThat(extension.tokenizer().encode(bases)).containsExactly(expected);
        try (HuggingFace theirs = new HuggingFace(extension.tokenizer().toJson())) {
            assertThat(theirs.encode(bases)).containsExactly(expected);
        }
        extension.pieces().forEach((id, pieces) -> {
            assertThat(pieces).as("pieces of %d", id).isNotEmpty();
            assertThat(Collections.max(pieces)).isLessThan(128_000);
        });
    }
}

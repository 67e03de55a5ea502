package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class VocabularyExtensionTest {

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
        VocabularyExtension extension = VocabularyExtension.of(base(), dna(), VocabularyExtension.Rule.MEAN);
        Tokenizer tokenizer = extension.tokenizer();
        // 257 tokens and 256 special ones; then <unk>, A, C, G, T, AC, ACG from 513 on.
        assertThat(tokenizer.encode("ACGTNAC")).containsExactly(519, 517, 513, 518);
        assertThat(tokenizer.vocabularySize()).isEqualTo(520);
        assertThat(tokenizer.beginId()).isEqualTo(257);
        assertThat(tokenizer.endId()).isEqualTo(258);
        assertThat(tokenizer.padId()).isEqualTo(261);
        assertThat(tokenizer.basesPerToken(519)).isEqualTo(3);
        JsonNode json = new ObjectMapper().readTree(extension.toJson());
        assertThat(json.path("baseVocabulary").asInt()).isEqualTo(513);
        assertThat(json.path("rule").asText()).isEqualTo("mean");
        assertThat(json.at("/pieces/519").toString()).isEqualTo("[256,71]");
        assertThat(json.at("/pieces/513").toString()).isEqualTo("[78]");
        assertThat(json.path("pieces").size()).isEqualTo(7);
        assertThat(json.at("/ids/9").asInt()).isEqualTo(519);
        try (HuggingFace theirs = new HuggingFace(tokenizer.toJson())) {
            assertThat(theirs.encode("ACGTNAC")).containsExactly(519, 517, 513, 518);
        }
    }

    @Test
    void refusesOtherKinds() {
        assertThatThrownBy(() -> VocabularyExtension.of(dna(), dna(), VocabularyExtension.Rule.MEAN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is not LLaMA-3's tokenizer");
        assertThatThrownBy(
                        () -> VocabularyExtension.of(base(), new CharacterTokenizer(), VocabularyExtension.Rule.MEAN))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("only a byte-pair encoding of DNA");
    }

    @Test
    @EnabledIfEnvironmentVariable(named = RealData.VARIABLE, matches = ".+", disabledReason = RealData.WHY_NOT)
    void dnabert2sTokensAfterThoseOfLlama3() throws IOException {
        Tokenizer base = Tokenizers.readFile(RealData.text("tokenizers/llama3/tokenizer.model"));
        Tokenizer dna = Tokenizers.readFile(RealData.text("tokenizers/dnabert2/tokenizer.json"));
        VocabularyExtension extension = VocabularyExtension.of(base, dna, VocabularyExtension.Rule.AVERAGE);
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
            assertThat(IntStream.of(pieces).max().orElseThrow()).isLessThan(128_000);
        });
    }
}

package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;

class TokenizersTest {

    private static final List<Tokenizer> ALL =
            List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3), new KmerTokenizer(3, 1));

    @Test
    void encodesCharacters() {
        Tokenizer tokenizer = new CharacterTokenizer();
        assertThat(tokenizer.encode("ACGTNR")).containsExactly(4, 5, 6, 7, 3, 3);
        assertThat(tokenizer.vocabularySize()).isEqualTo(8);
        assertThat(tokenizer.encodedBases(7)).isEqualTo(7);
        assertThat(tokenizer.basesPerToken(3)).isEqualTo(1);
        assertThat(tokenizer.basesPerToken(tokenizer.endId())).isZero();
    }

    @Test
    void encodesKmersThatDoNotOverlap() {
        Tokenizer tokenizer = new KmerTokenizer(3, 3);
        // Base-4 numbers over ACGT, after 4 special tokens: AAA 0, ACG 1*4+2, TTT 63; R has no token.
        assertThat(tokenizer.encode("AAAACGTTTARAGG")).containsExactly(4, 10, 67, 3);
        assertThat(tokenizer.encodedBases(14)).isEqualTo(12);
        assertThat(tokenizer.encodedBases(2)).isZero();
        assertThat(tokenizer.vocabularySize()).isEqualTo(68);
        assertThat(tokenizer.basesPerToken(10)).isEqualTo(3);
    }

    @Test
    void encodesOverlappingKmers() {
        Tokenizer tokenizer = new KmerTokenizer(3, 1);
        assertThat(tokenizer.encode("AAAAC")).containsExactly(4, 4, 5);
        assertThat(tokenizer.encodedBases(5)).isEqualTo(5);
        assertThat(tokenizer.basesPerToken(4)).isEqualTo(1);
        assertThat(new KmerTokenizer(4, 2).encodedBases(9)).isEqualTo(8);
        assertThat(tokenizer.encode("AA")).isEmpty();
    }

    @Test
    void comesBackFromJson() {
        for (Tokenizer tokenizer : ALL) {
            Tokenizer again = Tokenizers.read(tokenizer.toJson());
            assertThat(again.toJson()).isEqualTo(tokenizer.toJson());
            assertThat(again.encode("ACGTTGCANNACG")).isEqualTo(tokenizer.encode("ACGTTGCANNACG"));
        }
    }

    @Test
    void writesTheVocabularyByItsIds() throws IOException {
        for (Tokenizer tokenizer : ALL) {
            JsonNode vocabulary = new ObjectMapper()
                    .readTree(tokenizer.toJson())
                    .path("model")
                    .path("vocab");
            assertThat(vocabulary.size()).isEqualTo(tokenizer.vocabularySize());
            assertThat(vocabulary.path("<pad>").asInt()).isEqualTo(tokenizer.padId());
            assertThat(vocabulary.path("<s>").asInt()).isEqualTo(tokenizer.beginId());
            assertThat(vocabulary.path("</s>").asInt()).isEqualTo(tokenizer.endId());
            vocabulary.fields().forEachRemaining(entry -> {
                if (entry.getValue().asInt() > 3) {
                    assertThat(tokenizer.encode(entry.getKey()))
                            .containsExactly(entry.getValue().asInt());
                }
            });
        }
    }

    @Test
    void refusesOtherTexts() {
        assertThatThrownBy(() -> Tokenizers.read("{"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("is no JSON");
        assertThatThrownBy(() -> Tokenizers.read("{\"model\":{}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no model.vocab");
        assertThatThrownBy(
                        () -> Tokenizers.read("{\"decoder\":{\"dnallama\":{\"kind\":\"kmer\",\"k\":2,\"stride\":5}}}"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("stride = 5");
    }
}

package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;

class TokenizersTest {

    private static final List<Tokenizer> ALL =
            List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3), new KmerTokenizer(3, 1), new ByteTokenizer());

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
                String letters = entry.getKey();
                if (entry.getValue().asInt() > 3 && letters.chars().allMatch(letter -> letter < 128)) {
                    assertThat(tokenizer.encode(letters))
                            .containsExactly(entry.getValue().asInt());
                }
            });
        }
    }

    @Test
    void huggingFaceEncodesTheSame() throws IOException {
        String bases = Sequences.generate(1000, 3) + "NRYGATTACAN";
        for (Tokenizer tokenizer : List.of(new CharacterTokenizer(), new KmerTokenizer(3, 3))) {
            try (HuggingFace theirs = new HuggingFace(tokenizer.toJson())) {
                assertThat(theirs.encode(bases)).containsExactly(tokenizer.encode(bases));
            }
        }
        String any = "GATTACA-*\n\u00e9\u4e16 <pad";
        try (HuggingFace theirs = new HuggingFace(new ByteTokenizer().toJson())) {
            assertThat(theirs.encode(any)).containsExactly(new ByteTokenizer().encode(any));
        }
    }

    @Test
    void travelsToAnotherProcess() throws IOException, ClassNotFoundException {
        for (Tokenizer tokenizer : ALL) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
                out.writeObject(tokenizer);
            }
            try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
                Tokenizer again = (Tokenizer) in.readObject();
                assertThat(again.toJson()).isEqualTo(tokenizer.toJson());
                assertThat(again.endId()).isEqualTo(2);
            }
        }
    }

    @Test
    void namesWhatIsWrongWithAFile() {
        String vocabulary = "'model':{'type':'BPE','vocab':{'<pad>':0,'<s>':1,'</s>':2,'A':3,'C':4,'AC':5}";
        for (String[] wrong : new String[][] {
            {"{" + vocabulary + "}}", "model.merges is missing"},
            {"{" + vocabulary + ",'merges':[]}}", "model.merges is missing"},
            {"{" + vocabulary + ",'merges':['A G']}}", "model.merges[0]: 'G' is not in model.vocab"},
            {"{" + vocabulary + ",'merges':['A C','AC']}}", "model.merges[1] = \"AC\": must be two tokens"},
            {"{" + vocabulary + ",'merges':['A C'],'unk_token':'?'}}", "model.unk_token: '?' is not in model.vocab"},
            {"{'model':{'vocab':{'<pad>':0,'A':0}}}", "has this id already"},
            {"{'model':{'vocab':{'<pad>':-1}}}", "must be a whole number from 0 on"},
            {"{'model':{'vocab':{'<pad>':0,'A':1}}}", "has no token that starts a document"},
            {
                "{'model':{'type':'Other','vocab':{'<pad>':0,'<s>':1,'</s>':2}}}",
                "Hugging Face's tokenizers cannot read it"
            }
        }) {
            assertThatThrownBy(() -> Tokenizers.read(wrong[0].replace('\'', '"')))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(wrong[1]);
        }
        Tokenizer noUnknown = Tokenizers.read(("{" + vocabulary + ",'merges':['A C']}}").replace('\'', '"'));
        assertThatThrownBy(() -> noUnknown.encode("ACN"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("no token for 'N' and no model.unk_token");
    }

    @Test
    void otherTokenizersRunOnHuggingFacesLibrary() {
        String wordPiece = ("{'model':{'type':'WordPiece','unk_token':'[UNK]','continuing_subword_prefix':'##',"
                        + "'max_input_chars_per_word':100,'vocab':{'[PAD]':0,'[CLS]':1,'[SEP]':2,'[UNK]':3,"
                        + "'A':4,'ACG':5,'##T':6,'##TT':7}}}")
                .replace('\'', '"');
        Tokenizer tokenizer = Tokenizers.read(wordPiece);
        assertThat(tokenizer.encode("ACGTTT")).containsExactly(5, 7, 6);
        assertThat(tokenizer.basesPerToken(7)).isEqualTo(2);
        assertThat(tokenizer.endId()).isEqualTo(2);
        assertThat(Tokenizers.read(tokenizer.toJson()).vocabularySize()).isEqualTo(8);
        // A word that cannot be spelled is one unknown token, whatever its length.
        assertThatThrownBy(() -> tokenizer.encode("ACGC"))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("the tokens of 'ACGC...' stand for 1 of 4 bases");
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

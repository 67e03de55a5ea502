package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.dnallama.config.InputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

class Llama3TokenizerTest {

    private static final String TEXT =
            "This is a test sentence.\n\n  It's 12345 bases,\tthey'Ll say: \u4e16\u754c caf\u00e9 \ud83e\uddec!!!\r\n  end  ";

    /** Ranks in the file's form: all bytes, then some tokens. */
    private static String ranks(String... tokens) {
        List<byte[]> all = new ArrayList<>();
        for (int value = 0; value < 256; value++) {
            all.add(new byte[] {(byte) value});
        }
        for (String token : tokens) {
            all.add(token.getBytes(StandardCharsets.UTF_8));
        }
        StringBuilder lines = new StringBuilder();
        for (int id = 0; id < all.size(); id++) {
            lines.append(Base64.getEncoder().encodeToString(all.get(id)))
                    .append(' ')
                    .append(id)
                    .append('\n');
        }
        return lines.toString();
    }

    @Test
    void mergesBytesByTheIdOfWhatTheyMake() throws IOException {
        Tokenizer tokenizer =
                Tokenizers.readFile("llama3.model", ranks("CG", "AC", "ACG", "AA", "AAAA", " the", "they"));
        // C-G goes first, though A-C stands further left; then A-CG makes 258, A-A 259, twice that 260.
        assertThat(tokenizer.encode("ACGT")).containsExactly(258, 'T');
        assertThat(tokenizer.encode("AAAAAT")).containsExactly(260, 'A', 'T');
        // A piece that is a token is not merged.
        assertThat(tokenizer.encode("they the")).containsExactly(262, 261);
        assertThat(tokenizer.vocabularySize()).isEqualTo(256 + 7 + 256);
        assertThat(tokenizer.beginId()).isEqualTo(263);
        assertThat(tokenizer.endId()).isEqualTo(264);
        assertThat(tokenizer.padId()).isEqualTo(267);
        assertThat(tokenizer.basesPerToken(260)).isEqualTo(4);
        assertThat(tokenizer.basesPerToken(261)).isZero();
        assertThat(tokenizer.basesPerToken(264)).isZero();
        String json = tokenizer.toJson();
        assertThat(Tokenizers.read(json).encode(TEXT)).containsExactly(tokenizer.encode(TEXT));
        try (HuggingFace theirs = new HuggingFace(json)) {
            assertThat(theirs.encode(TEXT)).containsExactly(tokenizer.encode(TEXT));
            String bases = Sequences.generate(3000, 4) + "NRY";
            assertThat(theirs.encode(bases)).containsExactly(tokenizer.encode(bases));
        }
    }

    @Test
    void namesTheLineThatIsWrong() {
        for (String[] wrong : new String[][] {
            {"IQ== 0\nIg== 2\n", "llama3.model:2: 'Ig== 2' is not a token in base 64 and the id 1"},
            {"IQ== 0\nI\u00e9== 1\n", "llama3.model:2: 'I\u00e9==' is no base 64"},
            {"IQ== 0\nIQ== 1\n", "llama3.model:2: token 'IQ==' has an id already"},
            {"IQ== 0\n", "llama3.model: no token for the single byte 0"},
            {"", "llama3.model:1: '' is not a token"}
        }) {
            assertThatThrownBy(() -> Tokenizers.readFile("llama3.model", wrong[0]))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining(wrong[1]);
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = RealData.VARIABLE, matches = ".+", disabledReason = RealData.WHY_NOT)
    void isMetasTokenizer() throws IOException {
        Tokenizer tokenizer = Tokenizers.readFile("llama3.model", RealData.text("tokenizers/llama3/tokenizer.model"));
        assertThat(tokenizer.vocabularySize()).isEqualTo(128_256);
        assertThat(tokenizer.beginId()).isEqualTo(128_000);
        assertThat(tokenizer.endId()).isEqualTo(128_001);
        assertThat(tokenizer.padId()).isEqualTo(128_004);
        // From the tests of Meta's own tokenizer.
        assertThat(tokenizer.encode("This is a test sentence.")).containsExactly(2028, 374, 264, 1296, 11914, 13);
        assertThat(tokenizer.encode("\n\n")).containsExactly(271);
        assertThat(tokenizer.encode("assistant")).containsExactly(78191);
        String bases = RealData.chr2().substring(100_000, 120_000);
        try (HuggingFace theirs = new HuggingFace(tokenizer.toJson())) {
            assertThat(theirs.encode(TEXT)).containsExactly(tokenizer.encode(TEXT));
            for (int start = 0; start < bases.length(); start += 2000) {
                String window = bases.substring(start, start + 2000);
                assertThat(theirs.encode(window)).as("from %d", start).containsExactly(tokenizer.encode(window));
            }
        }
    }
}

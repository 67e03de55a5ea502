package org.dnallama.token;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** Our encoder against Hugging Face's, and against the definition. */
class BpeParityTest {

    /** A file in Hugging Face's form. */
    private static String json(List<List<String>> merges) {
        ObjectNode root = new ObjectMapper().createObjectNode();
        ObjectNode model = root.putObject("model").put("type", "BPE").put("unk_token", "<unk>");
        ObjectNode vocabulary = model.putObject("vocab");
        ArrayNode list = model.putArray("merges");
        Set<String> tokens = new LinkedHashSet<>(List.of("<pad>", "<s>", "</s>", "<unk>", "T", "G", "C", "A"));
        merges.forEach(pair -> {
            tokens.add(String.join("", pair));
            list.add(String.join(" ", pair));
        });
        tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
        return root.toString();
    }

    /** Merges as training might find them, or in an order that no training gives. */
    private static List<List<String>> merges(RandomGenerator random, int count, boolean trained) {
        List<String> tokens = new ArrayList<>(List.of("A", "C", "G", "T"));
        Set<List<String>> merges = new LinkedHashSet<>();
        while (merges.size() < count) {
            List<String> pair =
                    List.of(tokens.get(random.nextInt(tokens.size())), tokens.get(random.nextInt(tokens.size())));
            String product = String.join("", pair);
            if (product.length() <= 12 && !(trained && tokens.contains(product)) && merges.add(pair)) {
                tokens.add(product);
            }
        }
        List<List<String>> list = new ArrayList<>(merges);
        if (!trained) {
            java.util.Collections.shuffle(list, new java.util.Random(random.nextLong()));
        }
        return list;
    }

    @Test
    void encodesAsTheDefinitionSaysAndAsHuggingFaceDoes() throws IOException {
        for (long seed = 0; seed < 200; seed++) {
            RandomGenerator random = new Seeds(seed).stream("merges");
            boolean trained = seed % 4 != 0;
            List<List<String>> merges = merges(random, 1 + random.nextInt(60), trained);
            // Few different letters meet more ties.
            String text = Sequences.generate(300, seed);
            text = seed % 3 == 0 ? text.replace('G', 'A').replace('T', 'C') : text;
            String json = json(merges);
            Tokenizer ours = Tokenizers.read(json);
            Map<List<String>, Integer> ranks = ReferenceBpe.ranks(merges);
            Map<String, Integer> ids =
                    Vocabulary.of(new ObjectMapper().readTree(json).path("model"));
            int[] expected =
                    ReferenceBpe.encode(text, ranks).stream().mapToInt(ids::get).toArray();
            assertThat(ours.encode(text)).as("seed %d", seed).containsExactly(expected);
            try (HuggingFace theirs = new HuggingFace(json)) {
                assertThat(theirs.encode(text)).as("seed %d", seed).containsExactly(expected);
            }
        }
    }

    @Test
    void codesWithoutATokenAreUnknownAndNothingMergesAcrossThem() throws IOException {
        String json = json(List.of(List.of("A", "C"), List.of("AC", "AC"), List.of("ACAC", "G")));
        Tokenizer ours = Tokenizers.read(json);
        String text = "NACACGRRACNACGN";
        // ids: <unk> 3, T 4, G 5, C 6, A 7, AC 8, ACAC 9, ACACG 10
        assertThat(ours.encode(text)).containsExactly(3, 10, 3, 3, 8, 3, 8, 5, 3);
        assertThat(ours.basesPerToken(10)).isEqualTo(5);
        assertThat(ours.basesPerToken(3)).isEqualTo(1);
        assertThat(ours.basesPerToken(0)).isZero();
        try (HuggingFace theirs = new HuggingFace(json)) {
            assertThat(ours.encode(text)).containsExactly(theirs.encode(text));
        }
    }

    @Test
    @EnabledIfEnvironmentVariable(named = RealData.VARIABLE, matches = ".+", disabledReason = RealData.WHY_NOT)
    void encodesChr2WithDnabert2sTokenizerAsHuggingFaceDoes() throws IOException {
        String json = RealData.text("tokenizers/dnabert2/tokenizer.json");
        Tokenizer ours = Tokenizers.read(json);
        assertThat(ours).isInstanceOf(BpeTokenizer.class);
        assertThat(ours.vocabularySize()).isEqualTo(4096);
        assertThat(ours.padId()).isEqualTo(3);
        String chr2 = RealData.chr2();
        try (HuggingFace theirs = new HuggingFace(json)) {
            for (int window : new int[] {70, 512, 10_000, 1_000_000}) {
                for (int start = 0; start < Math.min(chr2.length(), 300 * window); start += window) {
                    String text = chr2.substring(start, Math.min(start + window, chr2.length()));
                    assertThat(ours.encode(text))
                            .as("%d bases from %d", window, start)
                            .containsExactly(theirs.encode(text));
                }
            }
        }
    }
}

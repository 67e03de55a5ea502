package org.dnallama.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * Writes Hugging Face's {@code tokenizer.json}: a word-level model whose words a regular expression cuts. The object
 * {@code decoder.dnallama} is ours and names what the tokenizer is built from; overlapping k-mers cannot be said
 * otherwise. It stands in the decoder, as Hugging Face's reader takes no key of others at the top or in the model.
 */
final class TokenizerJson {

    static final String OURS = "dnallama";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerJson() {}

    static String write(TokenizerSpec spec, List<String> words) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation");
        root.putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocabulary = JSON.createObjectNode();
        for (int id = 0; id < SpecialTokens.COUNT; id++) {
            String text = SpecialTokens.TEXTS.get(id);
            vocabulary.put(text, id);
            added.addObject()
                    .put("id", id)
                    .put("content", text)
                    .put("single_word", false)
                    .put("lstrip", false)
                    .put("rstrip", false)
                    .put("normalized", false)
                    .put("special", true);
        }
        words.forEach(word -> vocabulary.put(word, vocabulary.size()));
        root.putNull("normalizer");
        if (spec.stride() == spec.k()) {
            // Inverted, the matches are kept and what is left over at the end is removed.
            ObjectNode split = root.putObject("pre_tokenizer");
            split.put("type", "Split");
            split.putObject("pattern").put("Regex", ".{" + spec.k() + "}");
            split.put("behavior", "Removed").put("invert", true);
        } else {
            root.putNull("pre_tokenizer");
        }
        root.putNull("post_processor");
        ObjectNode decoder = root.putObject("decoder").put("type", "Fuse");
        decoder.putObject(OURS)
                .put("kind", spec.kind().name().toLowerCase(Locale.ROOT))
                .put("k", spec.k())
                .put("stride", spec.stride());
        ObjectNode model = root.putObject("model");
        model.put("type", "WordLevel");
        model.set("vocab", vocabulary);
        model.put("unk_token", SpecialTokens.TEXTS.get(SpecialTokens.UNKNOWN));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }
}

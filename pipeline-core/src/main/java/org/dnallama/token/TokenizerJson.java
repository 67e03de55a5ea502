package org.dnallama.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Writes Hugging Face's {@code tokenizer.json}. The object {@code decoder.dnallama} is ours and names what the
 * tokenizer is built from, where its kind has an own class; overlapping k-mers cannot be said otherwise. It stands in
 * the decoder, as Hugging Face's reader takes no key of others at the top or in the model.
 */
final class TokenizerJson {

    static final String OURS = "dnallama";

    private static final ObjectMapper JSON = new ObjectMapper();

    private TokenizerJson() {}

    /** Words of one length, cut by a regular expression. */
    static String words(TokenizerSpec spec, List<String> words) {
        ObjectNode root = frame(SpecialTokens.ids());
        if (spec.stride() == spec.k()) {
            // Inverted, the matches are kept and what is left over at the end is removed.
            ObjectNode split = root.putObject("pre_tokenizer");
            split.put("type", "Split");
            split.putObject("pattern").put("Regex", ".{" + spec.k() + "}");
            split.put("behavior", "Removed").put("invert", true);
        }
        mark(root.putObject("decoder").put("type", "Fuse"), spec.kind().name().toLowerCase(Locale.ROOT))
                .put("k", spec.k())
                .put("stride", spec.stride());
        ObjectNode model = root.putObject("model").put("type", "WordLevel");
        ObjectNode vocabulary = vocabulary(model, SpecialTokens.ids());
        words.forEach(word -> vocabulary.put(word, vocabulary.size()));
        model.put("unk_token", SpecialTokens.TEXTS.get(SpecialTokens.UNKNOWN));
        return text(root);
    }

    /** A byte-pair encoding of whole sequences. */
    static String merges(
            Map<String, Integer> special, Map<String, Integer> tokens, List<String> merges, String unknown) {
        ObjectNode root = frame(special);
        root.putObject("decoder").put("type", "Fuse");
        ObjectNode model = root.putObject("model").put("type", "BPE");
        model.putNull("dropout");
        model.put("unk_token", unknown);
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix");
        model.put("fuse_unk", false).put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = vocabulary(model, special);
        tokens.forEach(vocabulary::put);
        ArrayNode list = model.putArray("merges");
        merges.forEach(list::add);
        return text(root);
    }

    /** All but the parts that differ, which are null: the steps before and after the model. */
    static ObjectNode frame(Map<String, Integer> special) {
        ObjectNode root = JSON.createObjectNode();
        root.put("version", "1.0");
        root.putNull("truncation").putNull("padding");
        ArrayNode added = root.putArray("added_tokens");
        special.forEach((text, id) -> added.addObject()
                .put("id", id)
                .put("content", text)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true));
        root.putNull("normalizer").putNull("pre_tokenizer").putNull("post_processor");
        return root;
    }

    /** Our mark in a decoder. */
    static ObjectNode mark(ObjectNode decoder, String kind) {
        return decoder.putObject(OURS).put("kind", kind);
    }

    /** A vocabulary that begins with some tokens. */
    static ObjectNode vocabulary(ObjectNode model, Map<String, Integer> first) {
        ObjectNode vocabulary = model.putObject("vocab");
        first.forEach(vocabulary::put);
        return vocabulary;
    }

    /** The file. */
    static String text(ObjectNode root) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of texts and numbers is always JSON", e);
        }
    }
}

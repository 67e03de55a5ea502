package org.dnallama.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Reads a {@code tokenizer.json} that Hugging Face's {@code tokenizers} wrote. */
final class HuggingFaceJson {

    /** Steps before the model that leave a run of upper-case letters as it is. */
    private static final Set<String> SPLITS_NO_LETTERS = Set.of("Whitespace", "WhitespaceSplit", "BertPreTokenizer");

    private HuggingFaceJson() {}

    /**
     * Builds the tokenizer.
     *
     * @param root the file
     * @param json its text
     * @return our own encoder where the file is a plain BPE of DNA, else that of Hugging Face
     * @throws org.dnallama.config.InputException if the file is broken
     */
    static Tokenizer read(JsonNode root, String json) {
        JsonNode model = root.path("model");
        // The type may be missing in old files; only BPE has merges.
        boolean bpe = model.path("type").asText("").equals("BPE") || model.has("merges");
        if (bpe && isPlain(root)) {
            return new BpeTokenizer(json, new BpeModel(model), Vocabulary.special(withAdded(root)));
        }
        return byTheLibrary(root, json);
    }

    /** The same, always by Hugging Face's library. */
    static Tokenizer byTheLibrary(JsonNode root, String json) {
        Map<String, Integer> ids = withAdded(root);
        String unknown = root.path("model").path("unk_token").asText("");
        return new DjlTokenizer(json, ids, unknown, Vocabulary.special(ids));
    }

    private static Map<String, Integer> withAdded(JsonNode root) {
        Map<String, Integer> ids = new HashMap<>(Vocabulary.of(root.path("model")));
        for (JsonNode added : root.path("added_tokens")) {
            ids.put(added.path("content").asText(), added.path("id").asInt());
        }
        return ids;
    }

    // Whether the ids of upper-case letters follow from vocabulary and merges alone.
    private static boolean isPlain(JsonNode root) {
        JsonNode model = root.path("model");
        boolean lettersAdded = false;
        for (JsonNode added : root.path("added_tokens")) {
            lettersAdded |= Vocabulary.bases(added.path("content").asText()) > 0;
        }
        return !lettersAdded
                && root.path("normalizer").isEmpty()
                && keepsLetters(root.path("pre_tokenizer"))
                && model.path("dropout").asDouble(0) == 0
                && model.path("continuing_subword_prefix").asText("").isEmpty()
                && model.path("end_of_word_suffix").asText("").isEmpty()
                && !model.path("fuse_unk").asBoolean()
                && !model.path("byte_fallback").asBoolean()
                && !model.path("ignore_merges").asBoolean();
    }

    private static boolean keepsLetters(JsonNode step) {
        String type = step.path("type").asText("");
        return step.isEmpty()
                || SPLITS_NO_LETTERS.contains(type)
                || type.equals("ByteLevel") && !step.path("add_prefix_space").asBoolean(true);
    }
}

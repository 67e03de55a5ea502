package org.dnallama.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/** The tokens of a {@code tokenizer.json}. */
final class Vocabulary {

    private static final List<String> PADS =
            List.of("<pad>", "[PAD]", "<|finetune_right_pad_id|>", "<|pad|>", "<|endoftext|>");
    private static final List<String> BEGINS =
            List.of("<s>", "[CLS]", "<|begin_of_text|>", "[BOS]", "<bos>", "<|endoftext|>");
    private static final List<String> ENDS =
            List.of("</s>", "[SEP]", "<|end_of_text|>", "[EOS]", "<eos>", "<|endoftext|>");

    private Vocabulary() {}

    /**
     * Reads the tokens of a model.
     *
     * @param model object with a {@code vocab}
     * @return text to id
     * @throws InputException if there is none, or an id is bad or given twice
     */
    static Map<String, Integer> of(JsonNode model) {
        Map<String, Integer> ids = new HashMap<>();
        Map<Integer, String> texts = new HashMap<>();
        model.path("vocab").fields().forEachRemaining(entry -> {
            String place = "tokenizer.json: model.vocab['" + entry.getKey() + "'] = " + entry.getValue();
            if (!entry.getValue().canConvertToInt() || entry.getValue().asInt() < 0) {
                throw new InputException(place + ": must be a whole number from 0 on");
            }
            int id = entry.getValue().asInt();
            String other = texts.put(id, entry.getKey());
            if (other != null) {
                throw new InputException(place + ": '" + other + "' has this id already; give each token its own");
            }
            ids.put(entry.getKey(), id);
        });
        if (ids.isEmpty()) {
            throw new InputException(
                    "tokenizer.json: has no model.vocab; give a file that Hugging Face's tokenizers saved");
        }
        return ids;
    }

    /**
     * How many ids a model needs for them.
     *
     * @param ids text to id, not empty
     * @return the greatest id, and one
     */
    static int size(Map<String, Integer> ids) {
        return ids.values().stream().mapToInt(Integer::intValue).max().orElseThrow() + 1;
    }

    /**
     * How many bases a token's text spells.
     *
     * @param text of a token
     * @return its length if all of it is upper-case letters, else 0
     */
    static int bases(String text) {
        return text.chars().allMatch(letter -> letter >= 'A' && letter <= 'Z') ? text.length() : 0;
    }

    /**
     * The tokens that frame a document, by their usual names.
     *
     * @param ids text to id, with added tokens
     * @return their ids
     * @throws InputException if there is none by these names
     */
    static SpecialIds special(Map<String, Integer> ids) {
        return new SpecialIds(
                first(PADS, ids, "pads rows"),
                first(BEGINS, ids, "starts a document"),
                first(ENDS, ids, "ends a document"));
    }

    private static int first(List<String> names, Map<String, Integer> ids, String purpose) {
        for (String name : names) {
            Integer id = ids.get(name);
            if (id != null) {
                return id;
            }
        }
        throw new InputException("tokenizer.json: has no token that " + purpose + "; add one of "
                + String.join(", ", names) + " to added_tokens and model.vocab");
    }
}

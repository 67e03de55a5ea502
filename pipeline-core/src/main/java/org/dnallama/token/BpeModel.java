package org.dnallama.token;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/** The object {@code model} of a {@code tokenizer.json} of type BPE, checked. */
final class BpeModel {

    private static final int NO_UNKNOWN = -1;

    private final Map<Character, Integer> letters = new HashMap<>();
    private final List<MatchEncoder.Merge> merges = new ArrayList<>();
    private final String[] texts;
    private final int[] bases;
    private final int unknown;

    /**
     * Reads a model.
     *
     * @param model the object
     * @throws InputException if merges are missing or name what is not in the vocabulary
     */
    BpeModel(JsonNode model) {
        Map<String, Integer> ids = Vocabulary.of(model);
        bases = new int[Vocabulary.size(ids)];
        texts = new String[bases.length];
        Arrays.fill(texts, "");
        ids.forEach((text, id) -> {
            texts[id] = text;
            bases[id] = Vocabulary.bases(text);
            if (text.length() == 1 && bases[id] == 1) {
                letters.put(text.charAt(0), id);
            }
        });
        JsonNode list = model.path("merges");
        if (!list.isArray() || list.isEmpty() && ids.keySet().stream().anyMatch(text -> Vocabulary.bases(text) > 1)) {
            throw new InputException(
                    "tokenizer.json: model.merges is missing, but the vocabulary has tokens of several letters; give"
                            + " the whole file as Hugging Face's tokenizers saved it");
        }
        for (int rank = 0; rank < list.size(); rank++) {
            merges.add(merge(list.get(rank), "tokenizer.json: model.merges[" + rank + "]", ids));
        }
        unknown = unknown(model.path("unk_token"), ids);
    }

    private static MatchEncoder.Merge merge(JsonNode merge, String place, Map<String, Integer> ids) {
        String[] parts = merge.isArray() && merge.size() == 2
                ? new String[] {merge.get(0).asText(), merge.get(1).asText()}
                : merge.asText().split(" ", -1);
        if (parts.length != 2) {
            throw new InputException(place + " = " + merge + ": must be two tokens, as 'A C' or ['A', 'C']");
        }
        return new MatchEncoder.Merge(
                known(parts[0], place, ids), known(parts[1], place, ids), known(parts[0] + parts[1], place, ids));
    }

    private static int known(String token, String place, Map<String, Integer> ids) {
        Integer id = ids.get(token);
        if (id == null) {
            throw new InputException(
                    place + ": '" + token + "' is not in model.vocab; give the whole file as it was saved");
        }
        return id;
    }

    private static int unknown(JsonNode token, Map<String, Integer> ids) {
        return token.isTextual() ? known(token.asText(), "tokenizer.json: model.unk_token", ids) : NO_UNKNOWN;
    }

    /**
     * Tokens of one letter.
     *
     * @return letter to id
     */
    Map<Character, Integer> letters() {
        return letters;
    }

    /**
     * The merges.
     *
     * @return by rank
     */
    List<MatchEncoder.Merge> merges() {
        return merges;
    }

    /**
     * The token of a letter that has none.
     *
     * @param letter for the message
     * @return its id
     * @throws InputException if there is no such token
     */
    int unknown(char letter) {
        if (unknown == NO_UNKNOWN) {
            throw new InputException("tokenizer.json: no token for '" + letter
                    + "' and no model.unk_token; add one, or leave such bases out");
        }
        return unknown;
    }

    boolean isUnknown(int id) {
        return id == unknown;
    }

    /** A token's text; empty for an id that no token has. */
    String text(int id) {
        return texts[id];
    }

    int basesPerToken(int id) {
        return id == unknown ? 1 : bases[id];
    }

    int vocabularySize() {
        return bases.length;
    }
}

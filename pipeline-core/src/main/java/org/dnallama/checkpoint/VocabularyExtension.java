package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.dnallama.config.InputException;

/**
 * How a tokenizer grew beyond the one that a model was trained with, and how the model follows: the file
 * {@code vocabulary_extension.json} beside {@code tokenizer.json}. Old tokens keep their ids.
 *
 * @param baseVocabulary token ids of the old tokenizer: 0 to this, without it
 * @param rule what the new tokens' rows are made from
 * @param pieces for a new id, the old ids of the tokens that its text is made of; empty for a special token
 */
public record VocabularyExtension(int baseVocabulary, Rule rule, Map<Integer, List<Integer>> pieces) {

    /** The file's name. */
    public static final String FILE = "vocabulary_extension.json";

    /** What the rows of new tokens are made from. */
    public enum Rule {
        /** All of them are the mean of the old rows. */
        MEAN,
        /** Drawn at random, each column with the mean and the standard deviation of the old rows. */
        NORMAL,
        /** Each is the mean of its pieces' rows; without pieces, of all old rows. */
        AVERAGE
    }

    /** Copies. */
    public VocabularyExtension {
        pieces = Map.copyOf(pieces);
    }

    /**
     * Reads the file.
     *
     * @param storage the tokenizer's folder
     * @return the extension; empty if there is no such file
     * @throws InputException if the file is wrong
     */
    public static Optional<VocabularyExtension> read(Storage storage) {
        try {
            if (!storage.exists(FILE)) {
                return Optional.empty();
            }
        } catch (java.io.IOException e) {
            throw new InputException(storage.describe() + ": cannot be read: " + e.getMessage(), e);
        }
        String place = storage.describe() + "/" + FILE;
        JsonNode json = TextFiles.json(storage, FILE);
        JsonNode base = json.path("baseVocabulary");
        if (!base.isInt() || base.intValue() < 1) {
            throw new InputException("%s: baseVocabulary = %s must be a positive whole number".formatted(place, base));
        }
        return Optional.of(new VocabularyExtension(
                base.intValue(), rule(json.path("rule"), place), pieces(json, base.intValue(), place)));
    }

    /**
     * What the file says.
     *
     * @return an object to which a writer may add keys of its own
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("baseVocabulary", baseVocabulary);
        json.put("rule", rule.name().toLowerCase(Locale.ROOT));
        ObjectNode lists = json.putObject("pieces");
        new TreeMap<>(pieces).forEach((id, old) -> {
            ArrayNode list = lists.putArray(String.valueOf(id));
            old.forEach(list::add);
        });
        return json;
    }

    /**
     * The old ids of a new token.
     *
     * @param id the new token
     * @return ids below the base vocabulary; may be empty
     */
    List<Integer> piecesOf(int id) {
        return pieces.getOrDefault(id, List.of());
    }

    /**
     * Checks that no new token is forgotten.
     *
     * @param vocabularySize token ids of the new tokenizer
     * @param place of the file, for messages
     * @throws InputException if a row is to be the average of pieces that are not told
     */
    void checkCovers(int vocabularySize, String place) {
        List<Integer> forgotten = new ArrayList<>();
        for (int id = baseVocabulary; rule == Rule.AVERAGE && id < vocabularySize; id++) {
            if (!pieces.containsKey(id)) {
                forgotten.add(id);
            }
        }
        if (!forgotten.isEmpty()) {
            throw new InputException("%s: pieces has no list for the new tokens %s; make the tokenizer again"
                    .formatted(place, forgotten));
        }
    }

    private static Rule rule(JsonNode name, String place) {
        for (Rule rule : Rule.values()) {
            if (rule.name().toLowerCase(Locale.ROOT).equals(name.asText())) {
                return rule;
            }
        }
        throw new InputException("%s: rule = %s must be one of %s"
                .formatted(place, name, Arrays.toString(Rule.values()).toLowerCase(Locale.ROOT)));
    }

    private static Map<Integer, List<Integer>> pieces(JsonNode json, int base, String place) {
        Map<Integer, List<Integer>> pieces = new TreeMap<>();
        json.path("pieces").fields().forEachRemaining(entry -> {
            List<Integer> old = new ArrayList<>();
            for (JsonNode id : entry.getValue()) {
                if (!id.isInt() || id.intValue() < 0 || id.intValue() >= base) {
                    throw new InputException("%s: pieces.%s has %s, which is no id below baseVocabulary = %d"
                            .formatted(place, entry.getKey(), id, base));
                }
                old.add(id.intValue());
            }
            pieces.put(newId(entry.getKey(), base, place), List.copyOf(old));
        });
        return pieces;
    }

    private static int newId(String key, int base, String place) {
        if (key.matches("[0-9]{1,9}") && Integer.parseInt(key) >= base) {
            return Integer.parseInt(key);
        }
        throw new InputException(
                "%s: pieces.%s is no new id: those begin at baseVocabulary = %d".formatted(place, key, base));
    }
}

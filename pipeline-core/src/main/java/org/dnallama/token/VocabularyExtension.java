package org.dnallama.token;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.dnallama.config.InputException;

/**
 * Tokens of DNA after those of a language model's vocabulary, which all keep their ids. Every token that stands for
 * bases gets a new id, also where the language model has a token of the same letters: a base is no letter of a text.
 *
 * @param tokenizer of DNA, with the new ids; documents are framed by the language model's own tokens
 * @param baseVocabulary ids of the language model; new ones come from there on
 * @param rule what the embeddings of new tokens start from
 * @param pieces ids that the language model itself would spell a new token with, by the new id
 * @param ids new ids, by the ids that the tokenizer of DNA had
 */
public record VocabularyExtension(
        Tokenizer tokenizer,
        int baseVocabulary,
        Rule rule,
        SortedMap<Integer, int[]> pieces,
        SortedMap<Integer, Integer> ids) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String UNKNOWN = "<unk>";

    /** What the embedding of a new token starts from. */
    public enum Rule {
        /** The mean of its pieces' embeddings. */
        MEAN,
        /** Random values, as in a new model. */
        NORMAL,
        /** The mean of all embeddings of the language model. */
        AVERAGE
    }

    /**
     * Appends a vocabulary.
     *
     * @param base LLaMA-3's tokenizer
     * @param dna a byte-pair encoding of DNA
     * @param rule what the embeddings of new tokens start from
     * @return the extension
     * @throws InputException if these are other kinds of tokenizers
     */
    public static VocabularyExtension of(Tokenizer base, Tokenizer dna, Rule rule) {
        if (!(base instanceof Llama3Tokenizer)) {
            throw new InputException("ingest.tokenizer.extends: is not LLaMA-3's tokenizer; give its tokenizer.model");
        }
        if (!(dna instanceof BpeTokenizer bpe)) {
            throw new InputException("ingest.tokenizer.extends: only a byte-pair encoding of DNA can be appended;"
                    + " set ingest.tokenizer.kind = bpe, or give a file of that kind");
        }
        BpeModel model = bpe.model();
        int next = base.vocabularySize();
        Map<String, Integer> tokens = new LinkedHashMap<>();
        SortedMap<Integer, Integer> ids = new TreeMap<>();
        SortedMap<Integer, int[]> pieces = new TreeMap<>();
        for (int id = 0; id < model.vocabularySize(); id++) {
            if (model.basesPerToken(id) > 0) {
                String text = model.isUnknown(id) ? UNKNOWN : model.text(id);
                pieces.put(next, base.encode(model.isUnknown(id) ? "N" : text));
                ids.put(id, next);
                tokens.put(text, next++);
            }
        }
        List<String> merges = model.merges().stream()
                .map(merge -> model.text(merge.left()) + " " + model.text(merge.right()))
                .toList();
        Map<String, Integer> special = new LinkedHashMap<>();
        special.put("<|begin_of_text|>", base.beginId());
        special.put("<|end_of_text|>", base.endId());
        special.put("<|finetune_right_pad_id|>", base.padId());
        Tokenizer extended = Tokenizers.read(TokenizerJson.merges(special, tokens, merges, UNKNOWN));
        return new VocabularyExtension(extended, base.vocabularySize(), rule, pieces, ids);
    }

    /**
     * The file {@code vocabulary_extension.json}, from which a trainer makes the new embeddings.
     *
     * @return JSON text: {@code baseVocabulary}, {@code rule}, {@code pieces}, {@code ids}
     */
    public String toJson() {
        ObjectNode root = JSON.createObjectNode();
        root.put("baseVocabulary", baseVocabulary);
        root.put("rule", rule.name().toLowerCase(Locale.ROOT));
        ObjectNode old = root.putObject("pieces");
        pieces.forEach((id, list) -> {
            ArrayNode array = old.putArray(String.valueOf(id));
            for (int piece : list) {
                array.add(piece);
            }
        });
        ObjectNode map = root.putObject("ids");
        ids.forEach((id, replaced) -> map.put(String.valueOf(id), replaced));
        return root.toPrettyString() + "\n";
    }
}

package org.dnallama.token;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.dnallama.config.InputException;

/**
 * Tokens of DNA after those of a language model's vocabulary, which all keep their ids. Every token that stands for
 * bases gets a new id, also where the language model has a token of the same letters: a base is no letter of a text.
 *
 * @param tokenizer of DNA, with the new ids; documents are framed by the language model's own tokens
 * @param baseVocabulary ids of the language model; new ones come from there on
 * @param pieces ids that the language model itself would spell a new token with, by the new id
 * @param ids new ids, by the ids that the tokenizer of DNA had
 */
public record ExtendedVocabulary(
        Tokenizer tokenizer,
        int baseVocabulary,
        SortedMap<Integer, List<Integer>> pieces,
        SortedMap<Integer, Integer> ids) {

    private static final String UNKNOWN = "<unk>";

    /**
     * Appends a vocabulary.
     *
     * @param base LLaMA-3's tokenizer
     * @param dna a byte-pair encoding of DNA
     * @return the extension
     * @throws InputException if these are other kinds of tokenizers
     */
    public static ExtendedVocabulary of(Tokenizer base, Tokenizer dna) {
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
        for (int id = 0; id < model.vocabularySize(); id++) {
            if (model.basesPerToken(id) > 0) {
                ids.put(id, next);
                tokens.put(model.isUnknown(id) ? UNKNOWN : model.text(id), next++);
            }
        }
        tokens.putIfAbsent(UNKNOWN, next);
        SortedMap<Integer, List<Integer>> pieces = new TreeMap<>();
        tokens.forEach((text, id) -> pieces.put(
                id,
                IntStream.of(base.encode(text.equals(UNKNOWN) ? "N" : text))
                        .boxed()
                        .toList()));
        List<String> merges = model.merges().stream()
                .map(merge -> model.text(merge.left()) + " " + model.text(merge.right()))
                .toList();
        Map<String, Integer> special = new LinkedHashMap<>();
        special.put("<|begin_of_text|>", base.beginId());
        special.put("<|end_of_text|>", base.endId());
        special.put("<|finetune_right_pad_id|>", base.padId());
        Tokenizer extended = Tokenizers.read(TokenizerJson.merges(special, tokens, merges, UNKNOWN));
        return new ExtendedVocabulary(extended, base.vocabularySize(), pieces, ids);
    }
}

package org.dnallama.token;

import java.util.Arrays;

/**
 * A byte-pair encoding of DNA. Letters that have no token are the unknown token, and nothing merges across them.
 *
 * <p>The ids are those of Hugging Face's {@code tokenizers}.
 */
final class BpeTokenizer extends AbstractTokenizer {

    private static final int NO_TOKEN = -1;

    private final String json;
    private final BpeModel model;
    private final SegmentEncoder encoder;
    private final int[] letterIds = new int[128];

    BpeTokenizer(String json, BpeModel model, SpecialIds special) {
        super(special);
        this.json = json;
        this.model = model;
        Arrays.fill(letterIds, NO_TOKEN);
        model.letters().forEach((letter, id) -> letterIds[letter] = id);
        int[] letters =
                model.letters().values().stream().mapToInt(Integer::intValue).toArray();
        encoder = MatchEncoder.of(letters, model.merges(), model.vocabularySize());
    }

    @Override
    public int[] encode(String bases) {
        int[] letters = new int[bases.length()];
        int[] tokens = new int[bases.length()];
        int end = 0;
        int from = 0;
        for (int i = 0; i < letters.length; i++) {
            char code = bases.charAt(i);
            letters[i] = code < letterIds.length ? letterIds[code] : NO_TOKEN;
            if (letters[i] == NO_TOKEN) {
                end = encoder.encode(letters, from, i, tokens, end);
                tokens[end++] = model.unknown(code);
                from = i + 1;
            }
        }
        end = encoder.encode(letters, from, letters.length, tokens, end);
        return Arrays.copyOf(tokens, end);
    }

    /** What it is made of. */
    BpeModel model() {
        return model;
    }

    @Override
    public int basesPerToken(int tokenId) {
        return model.basesPerToken(tokenId);
    }

    @Override
    public int vocabularySize() {
        return model.vocabularySize();
    }

    @Override
    public String toJson() {
        return json;
    }
}

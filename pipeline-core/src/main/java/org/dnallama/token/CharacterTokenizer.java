package org.dnallama.token;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** One token for each base; an ambiguity code is the unknown token. */
public final class CharacterTokenizer extends AbstractTokenizer {

    private static final int[] IDS = new int[128];

    static {
        java.util.Arrays.fill(IDS, SpecialTokens.UNKNOWN);
        for (int i = 0; i < SpecialTokens.BASES.length(); i++) {
            IDS[SpecialTokens.BASES.charAt(i)] = SpecialTokens.COUNT + i;
        }
    }

    /** Makes a tokenizer. */
    public CharacterTokenizer() {
        super(SpecialTokens.IDS);
    }

    @Override
    public int[] encode(String bases) {
        // A letter beyond ASCII becomes '?', which is no base either.
        byte[] letters = bases.getBytes(StandardCharsets.US_ASCII);
        int[] tokens = new int[letters.length];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = IDS[letters[i]];
        }
        return tokens;
    }

    @Override
    public String decode(int[] tokens) {
        StringBuilder bases = new StringBuilder();
        for (int token : tokens) {
            if (token >= SpecialTokens.UNKNOWN) {
                bases.append(
                        token == SpecialTokens.UNKNOWN ? 'N' : SpecialTokens.BASES.charAt(token - SpecialTokens.COUNT));
            }
        }
        return bases.toString();
    }

    @Override
    public int basesPerToken(int tokenId) {
        return tokenId < SpecialTokens.UNKNOWN ? 0 : 1;
    }

    @Override
    public int vocabularySize() {
        return SpecialTokens.COUNT + SpecialTokens.BASES.length();
    }

    @Override
    public String toJson() {
        return TokenizerJson.words(
                new TokenizerSpec(TokenizerSpec.Kind.CHARACTER, 1, 1), List.of(SpecialTokens.BASES.split("")));
    }
}

package org.dnallama.token;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** One token for each byte of UTF-8, so that every IUPAC code, or any other text, keeps its own. */
public final class ByteTokenizer extends AbstractTokenizer {

    private static final int BYTES = 256;

    /** Makes a tokenizer. */
    public ByteTokenizer() {
        super(SpecialTokens.IDS);
    }

    @Override
    public int[] encode(String bases) {
        byte[] bytes = bases.getBytes(StandardCharsets.UTF_8);
        int[] tokens = new int[bytes.length];
        Arrays.setAll(tokens, i -> SpecialTokens.COUNT + (bytes[i] & 0xff));
        return tokens;
    }

    @Override
    public int basesPerToken(int tokenId) {
        return tokenId < SpecialTokens.COUNT ? 0 : 1;
    }

    @Override
    public int vocabularySize() {
        return SpecialTokens.COUNT + BYTES;
    }

    @Override
    public String toJson() {
        ObjectNode root = TokenizerJson.frame(SpecialTokens.ids());
        ByteLevel.into(root.putObject("pre_tokenizer"));
        TokenizerJson.mark(ByteLevel.into(root.putObject("decoder")), "byte");
        ObjectNode model = root.putObject("model").put("type", "BPE");
        ObjectNode vocabulary = TokenizerJson.vocabulary(model, SpecialTokens.ids());
        for (int value = 0; value < BYTES; value++) {
            vocabulary.put(ByteLevel.text(new byte[] {(byte) value}), SpecialTokens.COUNT + value);
        }
        model.putArray("merges");
        return TokenizerJson.text(root);
    }
}

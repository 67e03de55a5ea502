package org.dnallama.token;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.dnallama.config.InputException;

/** Any other {@code tokenizer.json}, by Hugging Face's own library (native, through DJL). */
final class DjlTokenizer extends AbstractTokenizer {

    private final String json;
    private final HuggingFaceTokenizer tokenizer;
    private final int[] bases;

    /**
     * Loads the library and the tokenizer.
     *
     * @param json the file
     * @param ids text to id, with added tokens
     * @param unknown text of the unknown token; empty if there is none
     * @param special ids of tokens that frame a document
     * @throws InputException if the library cannot read it
     */
    DjlTokenizer(String json, Map<String, Integer> ids, String unknown, SpecialIds special) {
        super(special);
        this.json = json;
        bases = new int[Vocabulary.size(ids)];
        ids.forEach((text, id) -> bases[id] = text.equals(unknown) ? 1 : Vocabulary.bases(pieceOf(text)));
        // DJL would look for a build for a GPU on the net, and report its use; tokenizing needs neither.
        System.setProperty("RUST_FLAVOR", "cpu");
        System.setProperty("OPT_OUT_TRACKING", "true");
        try {
            tokenizer = HuggingFaceTokenizer.newInstance(
                    new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8)),
                    Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false"));
        } catch (IOException | RuntimeException e) {
            throw new InputException("tokenizer.json: Hugging Face's tokenizers cannot read it: " + e.getMessage(), e);
        }
    }

    // WordPiece marks what continues a word, SentencePiece and byte-level BPE what starts one.
    private static String pieceOf(String text) {
        return text.startsWith("##")
                ? text.substring(2)
                : text.startsWith("▁") || text.startsWith("Ġ") ? text.substring(1) : text;
    }

    @Override
    public int[] encode(String text) {
        long[] ids = tokenizer.encode(text, false, false).getIds();
        int[] tokens = new int[ids.length];
        int spelled = 0;
        for (int i = 0; i < ids.length; i++) {
            tokens[i] = Math.toIntExact(ids[i]);
            spelled += basesPerToken(tokens[i]);
        }
        if (spelled != text.length()) {
            throw new InputException("tokenizer.json: the tokens of '" + text.substring(0, Math.min(20, text.length()))
                    + "...' stand for " + spelled + " of " + text.length()
                    + " bases; give a tokenizer whose tokens spell upper-case bases, each base once");
        }
        return tokens;
    }

    @Override
    public int basesPerToken(int tokenId) {
        return bases[tokenId];
    }

    @Override
    public int vocabularySize() {
        return bases.length;
    }

    @Override
    public String toJson() {
        return json;
    }
}

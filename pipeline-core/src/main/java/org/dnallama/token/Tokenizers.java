package org.dnallama.token;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.regex.Pattern;
import org.dnallama.config.InputException;

/** Reads tokenizers back. */
public final class Tokenizers {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** How messages begin that do not know the file. */
    private static final Pattern USUAL_NAME = Pattern.compile("^tokenizer\\.(json|model)");

    private Tokenizers() {}

    /**
     * Builds a tokenizer from a file of either form.
     *
     * @param name what messages call the file
     * @param text a {@code tokenizer.json}, or LLaMA-3's {@code tokenizer.model}: lines of base 64 and ids
     * @return a tokenizer with its vocabulary and rules
     * @throws InputException if the text is neither, or no tokenizer that can be used on DNA
     */
    public static Tokenizer readFile(String name, String text) {
        try {
            return text.stripLeading().startsWith("{") ? read(text) : new Llama3Tokenizer(TiktokenRanks.read(text));
        } catch (InputException e) {
            String reason = USUAL_NAME.matcher(e.getMessage()).replaceFirst("");
            throw new InputException(name + reason, e);
        }
    }

    /**
     * Builds a tokenizer that runs on Hugging Face's own library, whatever its kind: to compare with.
     *
     * @param json Hugging Face's {@code tokenizer.json}
     * @return a tokenizer with its vocabulary and rules
     * @throws InputException if the text is no JSON, or no tokenizer that can be used on DNA
     */
    public static Tokenizer huggingFace(String json) {
        try {
            return HuggingFaceJson.byTheLibrary(JSON.readTree(json), json);
        } catch (JsonProcessingException e) {
            throw noJson(e);
        }
    }

    private static InputException noJson(JsonProcessingException e) {
        return new InputException("tokenizer.json: is no JSON: " + e.getOriginalMessage() + "; write it anew", e);
    }

    /**
     * Builds a tokenizer.
     *
     * @param json Hugging Face's {@code tokenizer.json}: what {@link Tokenizer#toJson()} gave, or any other
     * @return a tokenizer with its vocabulary and rules
     * @throws InputException if the text is no JSON, or no tokenizer that can be used on DNA
     */
    public static Tokenizer read(String json) {
        try {
            JsonNode root = JSON.readTree(json);
            JsonNode spec = root.path("decoder").path(TokenizerJson.OURS);
            if (!spec.isObject()) {
                return HuggingFaceJson.read(root, json);
            }
            if (spec.path("kind").asText().equals(Llama3Tokenizer.KIND)) {
                return Llama3Tokenizer.of(root);
            }
            TokenizerSpec.Kind kind =
                    TokenizerSpec.Kind.valueOf(spec.path("kind").asText().toUpperCase(Locale.ROOT));
            return new TokenizerSpec(
                            kind, spec.path("k").asInt(), spec.path("stride").asInt())
                    .build();
        } catch (JsonProcessingException e) {
            throw noJson(e);
        } catch (IllegalArgumentException e) {
            throw new InputException(
                    "tokenizer.json: object 'decoder." + TokenizerJson.OURS + "': " + e.getMessage()
                            + "; write it anew",
                    e);
        }
    }
}

package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/**
 * A model in Hugging Face's folder layout: {@code config.json}, {@code model.safetensors}, {@code tokenizer.json}.
 *
 * @param config its shape
 * @param head what stands on top
 * @param pooling which states the classifier reads; LAST for a language model
 * @param tokenizer its tokenizer
 */
public record ModelFolder(LlamaConfig config, Head head, Pooling pooling, Tokenizer tokenizer) {

    private static final String CONFIG = "config.json";
    private static final String WEIGHTS = "model.safetensors";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String POOLING = "dnallama_pooling";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * Reads all but the weights.
     *
     * @param storage the folder
     * @return what it holds
     * @throws InputException if a file is missing or says what this program does not support
     */
    public static ModelFolder read(Storage storage) {
        JsonNode json;
        try {
            json = JSON.readTree(text(storage, CONFIG));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new InputException(storage.describe() + "/" + CONFIG + ": is no JSON: " + e.getOriginalMessage(), e);
        }
        ConfigJson fields = new ConfigJson(json, storage.describe() + "/" + CONFIG);
        LlamaConfig config = fields.shape();
        Tokenizer tokenizer = Tokenizers.read(text(storage, TOKENIZER));
        if (tokenizer.vocabularySize() > config.vocabularySize()) {
            throw new InputException("%s: tokenizer.json has %d tokens, the model's vocab_size is %d"
                    .formatted(storage.describe(), tokenizer.vocabularySize(), config.vocabularySize()));
        }
        Pooling pooling = json.path(POOLING).asText("last").equals("mean") ? Pooling.MEAN : Pooling.LAST;
        return new ModelFolder(config, fields.head(), pooling, tokenizer);
    }

    /**
     * Reads the weights. Where the wanted head differs from the stored one, the new head starts from random values.
     *
     * @param storage the folder
     * @param backend where they go
     * @param wanted what is to stand on top
     * @param seeds of a new head
     * @return parameters, to be closed by the caller
     * @throws InputException if a tensor is missing, unknown or of another shape
     */
    public Parameters weights(Storage storage, Backend backend, Head wanted, Seeds seeds) {
        Parameters theta = LlamaLayout.initialize(backend, config, wanted, 0.02, seeds);
        Set<String> heads = Set.of(LlamaLayout.SCORE, LlamaLayout.LM_HEAD);
        try {
            Set<String> unused =
                    ParametersFile.read(storage, WEIGHTS, Map.of("", theta), wanted == head ? Set.of() : heads);
            unused.removeAll(heads);
            if (!unused.isEmpty()) {
                throw new InputException(
                        storage.describe() + "/" + WEIGHTS + ": has unknown tensors " + String.join(", ", unused));
            }
            return theta;
        } catch (IOException e) {
            theta.close();
            throw new InputException(storage.describe() + "/" + WEIGHTS + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Writes the folder.
     *
     * @param storage where
     * @param theta the weights
     * @throws IOException if it cannot be written
     */
    public void write(Storage storage, Parameters theta) throws IOException {
        put(storage, CONFIG, JSON.writeValueAsString(configJson()) + "\n");
        put(storage, TOKENIZER, tokenizer.toJson());
        ParametersFile.write(storage, WEIGHTS, Map.of("", theta));
    }

    private ObjectNode configJson() {
        ObjectNode json = ConfigJson.write(config, head);
        json.put("bos_token_id", tokenizer.beginId());
        json.put("eos_token_id", tokenizer.endId());
        json.put("pad_token_id", tokenizer.padId());
        if (head == Head.CLASSIFIER && pooling != Pooling.LAST) {
            json.put(POOLING, "mean");
        }
        return json;
    }

    private static void put(Storage storage, String path, String text) throws IOException {
        try (OutputStream out = storage.create(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static String text(Storage storage, String path) {
        try {
            if (!storage.exists(path)) {
                throw new InputException(
                        storage.describe() + ": has no " + path + "; give the folder of a finished checkpoint");
            }
            try (InputStream in = storage.open(path)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new InputException(storage.describe() + "/" + path + ": cannot be read: " + e.getMessage(), e);
        }
    }
}

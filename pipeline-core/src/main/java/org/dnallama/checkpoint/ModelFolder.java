package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/**
 * A model in Hugging Face's folder layout: {@code config.json}, {@code tokenizer.json} and the weights, in
 * {@code model.safetensors} or in shards with an index.
 *
 * @param config its shape
 * @param head what stands on top
 * @param pooling which states the classifier reads; LAST for a language model
 * @param tokenizer its tokenizer
 */
public record ModelFolder(LlamaConfig config, Head head, Pooling pooling, Tokenizer tokenizer) {

    static final String TOKENIZER = "tokenizer.json";

    /**
     * Reads all but the weights.
     *
     * @param storage the folder
     * @return what it holds
     * @throws InputException if a file is missing or says what this program does not support
     */
    public static ModelFolder read(Storage storage) {
        ConfigJson json = ConfigJson.read(storage);
        LlamaConfig config = json.shape();
        Tokenizer tokenizer = Tokenizers.read(TextFiles.read(storage, TOKENIZER));
        if (tokenizer.vocabularySize() > config.vocabularySize()) {
            throw new InputException("%s: tokenizer.json has %d tokens, the model's vocab_size is %d"
                    .formatted(storage.describe(), tokenizer.vocabularySize(), config.vocabularySize()));
        }
        return new ModelFolder(config, json.head(), json.pooling(), tokenizer);
    }

    /**
     * Reads the shape alone, so that the folder needs no more than {@code config.json}.
     *
     * @param storage the folder
     * @return the model's shape
     * @throws InputException if the file is missing or says what this program does not support
     */
    public static LlamaConfig shape(Storage storage) {
        return ConfigJson.read(storage).shape();
    }

    /**
     * Reads the weights. Tensors of a wanted head that are not stored start from random values.
     *
     * @param storage the folder
     * @param backend where they go
     * @param wanted what is to stand on top; a classifier reads the states that the stored model says
     * @param seeds of a new head
     * @return parameters, to be closed by the caller
     * @throws InputException if files are missing or damaged, or with the names of all tensors that are missing,
     *     unknown or of another shape
     */
    public Parameters weights(Storage storage, Backend backend, Head wanted, Seeds seeds) {
        return weights(storage, backend, LlamaLayout.groups(config, wanted, pooling), seeds);
    }

    /**
     * Reads the weights. Wanted tensors of a head that are not stored start from random values.
     *
     * @param storage the folder
     * @param backend where they go
     * @param wanted the tensors
     * @param seeds of a new head
     * @return parameters, to be closed by the caller
     * @throws InputException as the other method
     */
    public Parameters weights(Storage storage, Backend backend, List<List<TensorSpec>> wanted, Seeds seeds) {
        return new ModelWeights(storage, config, head, pooling).load(backend, config, wanted, seeds);
    }

    /**
     * Writes the folder.
     *
     * @param storage where
     * @param theta the weights
     * @throws IOException if it cannot be written
     */
    public void write(Storage storage, Parameters theta) throws IOException {
        ObjectNode json = ConfigJson.write(config, head, pooling, WeightFormat.EXACT.dtype());
        json.put("bos_token_id", tokenizer.beginId());
        json.put("eos_token_id", tokenizer.endId());
        json.put("pad_token_id", tokenizer.padId());
        TextFiles.write(storage, ConfigJson.FILE, json);
        TextFiles.write(storage, TOKENIZER, tokenizer.toJson());
        WeightFormat.EXACT.write(storage, theta);
    }
}

package org.dnallama.checkpoint;

import java.util.Optional;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;

/**
 * Where further pre-training starts: a checkpoint, whose vocabulary grows if the tokenizer of the shards extends it.
 */
public final class WarmStart {

    private final Storage checkpoint;
    private final ModelFolder stored;
    private final int vocabularySize;
    private final Optional<VocabularyExtension> extension;

    private WarmStart(
            Storage checkpoint, ModelFolder stored, int vocabularySize, Optional<VocabularyExtension> extension) {
        this.checkpoint = checkpoint;
        this.stored = stored;
        this.vocabularySize = vocabularySize;
        this.extension = extension;
    }

    /**
     * Looks at a checkpoint and at the tokenizer that is to go on with.
     *
     * @param checkpoint the model's folder
     * @param shards has {@code tokenizer.json} and, if that extends the model's, {@code vocabulary_extension.json}
     * @return the start; nothing grows when both tokenizers are the same
     * @throws InputException if a file is wrong, or if the tokenizer does not fit the model
     */
    public static WarmStart read(Storage checkpoint, Storage shards) {
        ModelFolder stored = ModelFolder.read(checkpoint);
        Tokenizer tokenizer = Tokenizers.read(TextFiles.read(shards, ModelFolder.TOKENIZER));
        int size = tokenizer.vocabularySize();
        if (tokenizer.toJson().equals(stored.tokenizer().toJson())) {
            return new WarmStart(checkpoint, stored, size, Optional.empty());
        }
        VocabularyExtension extension = VocabularyExtension.read(shards)
                .orElseThrow(() -> new InputException(shards.describe() + ": was made with another tokenizer than "
                        + checkpoint.describe() + "; ingest with the model's, or start without pretrain.from"));
        String place = shards.describe() + "/" + VocabularyExtension.FILE;
        int base = stored.tokenizer().vocabularySize();
        if (extension.baseVocabulary() != base) {
            throw new InputException("%s: baseVocabulary = %d, but the tokenizer of %s has %d tokens"
                    .formatted(place, extension.baseVocabulary(), checkpoint.describe(), base));
        }
        extension.checkCovers(size, place);
        return new WarmStart(checkpoint, stored, size, Optional.of(extension));
    }

    /**
     * The model's shape, with room for the new tokens.
     *
     * @return the shape
     */
    public LlamaConfig config() {
        LlamaConfig config = stored.config();
        return extension.isEmpty() ? config : config.withVocabulary(Math.max(config.vocabularySize(), vocabularySize));
    }

    /**
     * The language model's weights, with rows for the new tokens.
     *
     * @param backend where they go
     * @param seeds of random rows
     * @return parameters, to be closed by the caller
     * @throws InputException as {@link ModelFolder#weights}
     */
    public Parameters weights(Backend backend, Seeds seeds) {
        Parameters theta = new ModelWeights(checkpoint, stored.config(), stored.head(), stored.pooling())
                .load(backend, config(), LlamaLayout.groups(config(), Head.LANGUAGE_MODEL), seeds);
        extension.ifPresent(grown -> theta.specs().stream()
                .filter(spec -> ModelWeights.TABLES.contains(spec.name()))
                .forEach(spec -> new NewRows(theta, spec.name(), grown).fill(vocabularySize, seeds)));
        return theta;
    }
}

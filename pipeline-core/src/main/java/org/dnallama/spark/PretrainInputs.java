package org.dnallama.spark;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.WarmStart;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.train.Examples;

/**
 * Token shards, and a language model that starts from random weights or from a checkpoint.
 *
 * @param shards folder that ingest wrote
 * @param from folder of the checkpoint; empty for random weights
 * @param shape of the model
 * @param initStd standard deviation of random weights
 * @param validRows at most so many held-out rows
 * @param hadoop file system settings
 */
public record PretrainInputs(
        String shards, String from, LlamaConfig shape, double initStd, int validRows, SerializableConfiguration hadoop)
        implements TrainingInputs {

    /**
     * What the user set in {@code pretrain.*}.
     *
     * @param shards folder that ingest wrote
     * @param from folder of a checkpoint, if there is one
     * @param initStd standard deviation of random weights
     * @param validRows at most so many held-out rows
     */
    public record Keys(String shards, Optional<String> from, double initStd, int validRows) {

        /**
         * Reads the keys; errors are noted in the settings.
         *
         * @param settings the configuration
         * @return keys, to be used only after {@link Settings#check()}
         */
        public static Keys read(Settings settings) {
            return new Keys(
                    settings.text("pretrain.shards"),
                    settings.optionalText("pretrain.from"),
                    settings.real("model.initStd", 0, 1),
                    settings.integer("pretrain.validRows", 1));
        }

        /**
         * Looks at the folders: what is missing there is told before anything is trained.
         *
         * @param settings gives the shape of a new model
         * @param hadoop file system settings
         * @return inputs
         * @throws IOException if a folder cannot be read
         */
        public PretrainInputs open(Settings settings, Configuration hadoop) throws IOException {
            int vocabularySize = TokenShards.tokenizer(shards, hadoop).vocabularySize();
            LlamaConfig shape = from.isPresent()
                    ? warmStart(from.get(), shards, hadoop).config()
                    : LlamaConfig.read(settings, vocabularySize);
            return new PretrainInputs(
                    shards, from.orElse(""), shape, initStd, validRows, new SerializableConfiguration(hadoop));
        }
    }

    private static WarmStart warmStart(String from, String shards, Configuration hadoop) throws IOException {
        return WarmStart.read(new HadoopStorage(from, hadoop), new HadoopStorage(shards, hadoop));
    }

    @Override
    public Provenance inputs(Provenance provenance) throws IOException {
        provenance.input(shards, "correct pretrain.shards");
        return from.isEmpty() ? provenance : provenance.input(from, "correct pretrain.from");
    }

    @Override
    public ModelFolder model() throws IOException {
        return new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, TokenShards.tokenizer(shards, hadoop.value()));
    }

    @Override
    public Examples train(ModelFolder model) {
        return examples(model, "train", Integer.MAX_VALUE);
    }

    @Override
    public Examples heldOut(ModelFolder model) {
        return examples(model, "valid", validRows);
    }

    private Examples examples(ModelFolder model, String split, int most) {
        List<int[]> rows = TokenShards.read(shards, split, hadoop.value(), most).stream()
                .map(tokens -> Examples.document(tokens, model.tokenizer()))
                .toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        if (longest > shape.contextLength()) {
            throw new InputException("%s: has a window of %d tokens with begin and end, model.contextLength is %d; %s"
                    .formatted(
                            shards,
                            longest,
                            shape.contextLength(),
                            "make ingest.window smaller or model.contextLength larger"));
        }
        return Examples.languageModel(rows, model.tokenizer());
    }

    @Override
    public Parameters start(ModelFolder model, Backend backend, LoraSettings lora, Seeds seeds) throws IOException {
        if (from.isEmpty()) {
            return LlamaLayout.initialize(backend, shape, Head.LANGUAGE_MODEL, initStd, seeds);
        }
        return Lora.adapt(warmStart(from, shards, hadoop.value()).weights(backend, seeds), lora, seeds);
    }
}

package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.WarmStart;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.train.Examples;
import org.dnallama.train.SequenceEncoder;

/**
 * Token shards, and a language model that starts from random weights or from a checkpoint.
 *
 * @param shards folder that ingest wrote
 * @param from folder of the checkpoint; empty for random weights
 * @param shape of the model
 * @param start how it begins
 * @param validRows at most so many held-out rows
 * @param seed draws what is drawn of rows
 * @param hadoop file system settings
 */
public record PretrainInputs(
        String shards,
        String from,
        LlamaConfig shape,
        Start start,
        int validRows,
        long seed,
        SerializableConfiguration hadoop)
        implements TrainingInputs {

    /**
     * How it begins.
     *
     * @param initialization how wide random weights are spread
     * @param objective what is predicted, and on which rows
     */
    public record Start(Initialization initialization, PretrainObjective objective) implements Serializable {}

    /**
     * What the user set in {@code pretrain.*}.
     *
     * @param shards folder that ingest wrote
     * @param from folder of a checkpoint, if there is one
     * @param start how it begins
     * @param validRows at most so many held-out rows
     * @param seed draws what is drawn of rows
     */
    public record Keys(String shards, Optional<String> from, Start start, int validRows, long seed) {

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
                    new Start(Initialization.read(settings), PretrainObjective.read(settings)),
                    settings.integer("pretrain.validRows", 1),
                    settings.longInteger("seed"));
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
            start.objective.require(settings, shape);
            settings.check();
            return new PretrainInputs(
                    shards, from.orElse(""), shape, start, validRows, seed, new SerializableConfiguration(hadoop));
        }
    }

    private static WarmStart warmStart(String from, String shards, Configuration hadoop) throws IOException {
        return WarmStart.read(new HadoopStorage(from, hadoop), new HadoopStorage(shards, hadoop));
    }

    @Override
    public Provenance inputs(Provenance provenance) throws IOException {
        provenance.input(shards, "correct pretrain.shards");
        if (!start.objective.own().isEmpty()) {
            provenance.input(start.objective.own() + "/train.csv", "correct pretrain.denoising.own.data");
        }
        return from.isEmpty() ? provenance : provenance.input(from, "correct pretrain.from");
    }

    @Override
    public ModelFolder model() throws IOException {
        return new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, TokenShards.tokenizer(shards, hadoop.value()));
    }

    @Override
    public Examples train(ModelFolder model) throws IOException {
        return examples(model, "train");
    }

    @Override
    public Examples heldOut(ModelFolder model) throws IOException {
        return examples(model, "valid");
    }

    private Examples examples(ModelFolder model, String split) throws IOException {
        PretrainObjective.Source source = new PretrainObjective.Source(shards, validRows, seed);
        SequenceEncoder encoder = new SequenceEncoder(model.tokenizer(), model.config());
        return start.objective.examples(encoder, source, split, hadoop.value());
    }

    @Override
    public Parameters start(ModelFolder model, Backend backend, LoraSettings lora, Seeds seeds) throws IOException {
        if (from.isEmpty()) {
            return LlamaLayout.initialize(
                    backend, shape, LlamaLayout.groups(shape, Head.LANGUAGE_MODEL), start.initialization, seeds);
        }
        return Lora.adapt(warmStart(from, shards, hadoop.value()).weights(backend, seeds), lora, seeds);
    }
}

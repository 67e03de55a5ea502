package org.dnallama.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.model.Head;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.token.Tokenizer;
import org.dnallama.train.Examples;
import org.dnallama.train.TrainingJob;

/**
 * Labelled sequences, and a classifier that starts from a checkpoint.
 *
 * @param data folder with {@code train.csv} and {@code dev.csv}, or labelled shards
 * @param from folder of the checkpoint
 * @param pooling which states the classifier reads
 * @param maxRows at most so many training rows; 0 means all
 * @param maxDevRows at most so many dev rows; 0 means all
 * @param seed draws these rows
 * @param hadoop file system settings
 */
public record FinetuneInputs(
        String data,
        String from,
        Pooling pooling,
        int maxRows,
        int maxDevRows,
        long seed,
        SerializableConfiguration hadoop)
        implements TrainingInputs {

    private static final String NEEDED = "correct finetune.data, which needs train.csv and dev.csv";

    /**
     * What the user set in {@code finetune.*}.
     *
     * @param data folder with {@code train.csv} and {@code dev.csv}, or labelled shards
     * @param from folder of the checkpoint
     * @param pooling which states the classifier reads
     * @param maxRows at most so many training rows; 0 means all
     * @param maxDevRows at most so many dev rows; 0 means all
     * @param seed draws these rows
     */
    public record Keys(String data, String from, Pooling pooling, int maxRows, int maxDevRows, long seed) {

        /**
         * Reads the keys; errors are noted in the settings.
         *
         * @param settings the configuration
         * @return keys, to be used only after {@link Settings#check()}
         */
        public static Keys read(Settings settings) {
            return new Keys(
                    settings.text("finetune.data"),
                    settings.text("finetune.from"),
                    settings.choice("finetune.pooling", Pooling.class),
                    settings.integer("finetune.maxRows", 0),
                    settings.integer("finetune.maxDevRows", 0),
                    settings.longInteger("seed"));
        }

        /**
         * Ties them to file systems.
         *
         * @param hadoop file system settings
         * @return inputs
         */
        public FinetuneInputs open(Configuration hadoop) {
            return new FinetuneInputs(
                    data, from, pooling, maxRows, maxDevRows, seed, new SerializableConfiguration(hadoop));
        }
    }

    @Override
    public Provenance inputs(Provenance provenance) throws IOException {
        provenance.input(from, "correct finetune.from");
        return LabelledShards.isAt(data, hadoop.value())
                ? provenance.input(data, NEEDED)
                : provenance.input(data + "/train.csv", NEEDED).input(data + "/dev.csv", NEEDED);
    }

    @Override
    public ModelFolder model() throws IOException {
        return TrainingJob.withHead(stored(), Head.CLASSIFIER, pooling);
    }

    private ModelFolder stored() throws IOException {
        return ModelFolder.read(new HadoopStorage(from, hadoop.value()));
    }

    @Override
    public Examples train(ModelFolder model) throws IOException {
        return examples(sample(sequences(LabelledSplit.TRAIN), maxRows), model, "train");
    }

    @Override
    public Examples heldOut(ModelFolder model) throws IOException {
        return examples(sample(sequences(LabelledSplit.DEV), maxDevRows), model, "dev");
    }

    private List<LabelledSequence> sequences(LabelledSplit split) throws IOException {
        if (LabelledShards.isAt(data, hadoop.value())) {
            return LabelledShards.read(data, split, hadoop.value());
        }
        String name = split.label() + ".csv";
        Storage folder = new HadoopStorage(data, hadoop.value());
        if (!folder.exists(name)) {
            throw new InputException(data + "/" + name + ": no such file; finetune.data needs train.csv and dev.csv");
        }
        try (InputStream in = folder.open(name)) {
            return LabelledSequences.read(in, data + "/" + name);
        }
    }

    /** At most so many of the rows, drawn by the seed. */
    private List<LabelledSequence> sample(List<LabelledSequence> all, int most) {
        if (most == 0 || most >= all.size()) {
            return all;
        }
        List<LabelledSequence> drawn = new ArrayList<>(all);
        RandomGenerator random = new Seeds(seed).stream("sample");
        for (int i = 0; i < most; i++) {
            Collections.swap(drawn, i, i + random.nextInt(drawn.size() - i));
        }
        return List.copyOf(drawn.subList(0, most));
    }

    private Examples examples(List<LabelledSequence> sequences, ModelFolder model, String name) {
        Tokenizer tokenizer = model.tokenizer();
        List<int[]> rows = new ArrayList<>();
        int[] classes = new int[sequences.size()];
        for (int i = 0; i < classes.length; i++) {
            int[] row = Examples.document(tokenizer.encode(sequences.get(i).sequence()), tokenizer);
            if (row.length > model.config().contextLength()) {
                throw new InputException("%s/%s: row %s has %d tokens with begin and end, the model's context is %d"
                        .formatted(
                                data,
                                name,
                                sequences.get(i).id(),
                                row.length,
                                model.config().contextLength()));
            }
            rows.add(row);
            classes[i] = sequences.get(i).label();
        }
        return Examples.classifier(rows, classes, tokenizer);
    }

    @Override
    public Parameters start(ModelFolder model, Backend backend, LoraSettings lora, Seeds seeds) throws IOException {
        Storage folder = new HadoopStorage(from, hadoop.value());
        return Lora.adapt(stored().weights(folder, backend, Head.CLASSIFIER, seeds), lora, seeds);
    }
}

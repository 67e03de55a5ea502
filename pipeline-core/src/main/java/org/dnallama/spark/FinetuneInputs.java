package org.dnallama.spark;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.augment.AugmentationSettings;
import org.dnallama.augment.AugmentedRows;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.config.Settings;
import org.dnallama.generate.Instruction;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.train.DenoisingExamples;
import org.dnallama.train.Examples;
import org.dnallama.train.InstructionExamples;
import org.dnallama.train.LabelledExamples;
import org.dnallama.train.SequenceEncoder;
import org.dnallama.train.TrainingJob;

/**
 * Labelled sequences, and a classifier that starts from a checkpoint.
 *
 * @param data folder with {@code train.csv} and {@code dev.csv}, or labelled shards
 * @param from folder of the checkpoint
 * @param mode what the model becomes
 * @param training what is done to the training rows
 * @param seed draws them
 * @param hadoop file system settings
 */
public record FinetuneInputs(
        String data, String from, Mode mode, Training training, long seed, SerializableConfiguration hadoop)
        implements TrainingInputs {

    /** What the model becomes. */
    public enum Kind {
        /** A classifier's head on top. */
        CLASSIFIER,
        /** A language model that answers a question. */
        INSTRUCTION
    }

    /**
     * What the model becomes, and how it is asked.
     *
     * @param kind which of the two
     * @param pooling which states a classifier reads
     * @param instruction how a language model is asked
     */
    public record Mode(Kind kind, Pooling pooling, Instruction instruction) implements Serializable {

        private static Mode read(Settings settings) {
            return new Mode(
                    settings.choice("finetune.mode", Kind.class),
                    settings.choice("finetune.pooling", Pooling.class),
                    Instruction.read(settings));
        }
    }

    /**
     * What is done to the training rows.
     *
     * @param maxRows at most so many of them; 0 means all
     * @param maxDevRows at most so many dev rows; 0 means all
     * @param augmentation what each is altered by
     * @param windows which windows of a genome may be among them
     * @param replacedWeight weight of asking which bases were replaced; 0 asks nothing
     */
    public record Training(
            int maxRows,
            int maxDevRows,
            AugmentationSettings augmentation,
            GenomeWindows windows,
            double replacedWeight)
            implements Serializable {

        private static Training read(Settings settings) {
            return new Training(
                    settings.integer("finetune.maxRows", 0),
                    settings.integer("finetune.maxDevRows", 0),
                    AugmentationSettings.read(settings, "finetune"),
                    GenomeWindows.read(settings, "finetune.heldOut"),
                    settings.real("finetune.training.replacedWeight", 0, 1e3));
        }
    }

    private static final String NEEDED = "correct finetune.data, which needs train.csv and dev.csv";

    /**
     * What the user set in {@code finetune.*}.
     *
     * @param data folder with {@code train.csv} and {@code dev.csv}, or labelled shards
     * @param from folder of the checkpoint
     * @param mode what the model becomes
     * @param training what is done to the training rows
     * @param seed draws them
     */
    public record Keys(String data, String from, Mode mode, Training training, long seed) {

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
                    Mode.read(settings),
                    Training.read(settings),
                    settings.longInteger("seed"));
        }

        /**
         * Ties them to file systems.
         *
         * @param hadoop file system settings
         * @return inputs
         */
        public FinetuneInputs open(Configuration hadoop) {
            return new FinetuneInputs(data, from, mode, training, seed, new SerializableConfiguration(hadoop));
        }
    }

    @Override
    public Provenance inputs(Provenance provenance) throws IOException {
        provenance.input(from, "correct finetune.from");
        if (training.augmentation.genome() > 0) {
            provenance.input(training.augmentation.shards(), "correct finetune.negatives.shards");
        }
        return LabelledShards.isAt(data, hadoop.value())
                ? provenance.input(data, NEEDED)
                : provenance.input(data + "/train.csv", NEEDED).input(data + "/dev.csv", NEEDED);
    }

    @Override
    public ModelFolder model() throws IOException {
        return mode.kind == Kind.INSTRUCTION
                ? TrainingJob.withHead(stored(), Head.LANGUAGE_MODEL, Pooling.LAST)
                : TrainingJob.withHead(stored(), Head.CLASSIFIER, mode.pooling);
    }

    private ModelFolder stored() throws IOException {
        return ModelFolder.read(new HadoopStorage(from, hadoop.value()));
    }

    @Override
    public Examples train(ModelFolder model) throws IOException {
        List<LabelledSequence> rows = sample(sequences(LabelledSplit.TRAIN), training.maxRows);
        AugmentationSettings augmentation = training.augmentation;
        List<String> windows = augmentation.genome() == 0
                ? List.of()
                : training.windows.of(augmentation.shards(), "train", hadoop.value()).stream()
                        .map(DenoisingExamples.Window::bases)
                        .toList();
        return examples(model, new AugmentedRows(rows, augmentation.build(rows, windows), new Seeds(seed)));
    }

    @Override
    public Examples heldOut(ModelFolder model) throws IOException {
        return examples(model, AugmentedRows.plain(sample(sequences(LabelledSplit.DEV), training.maxDevRows)));
    }

    /**
     * How long the sequences are that a classifier of these inputs knows.
     *
     * @return bases of the training row in the middle, in order of length
     * @throws IOException if they cannot be read
     */
    public int sequenceBases() throws IOException {
        int[] lengths = sequences(LabelledSplit.TRAIN).stream()
                .mapToInt(row -> row.sequence().length())
                .sorted()
                .toArray();
        return lengths[lengths.length / 2];
    }

    private Examples examples(ModelFolder model, AugmentedRows rows) {
        return mode.kind == Kind.INSTRUCTION
                ? new InstructionExamples(mode.instruction, model, rows)
                : new LabelledExamples(new SequenceEncoder(model.tokenizer(), model.config()), rows);
    }

    private List<LabelledSequence> sequences(LabelledSplit split) throws IOException {
        return LabelledRows.read(data, split, "finetune.data", hadoop.value());
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

    /** The model's tensors, and that of the auxiliary task if it is asked for. */
    private List<List<TensorSpec>> tensors(ModelFolder model) {
        List<List<TensorSpec>> groups = LlamaLayout.groups(model.config(), model.head(), model.pooling());
        return training.replacedWeight > 0 ? LlamaLayout.withReplaced(groups, model.config()) : groups;
    }

    @Override
    public Parameters start(ModelFolder model, Backend backend, LoraSettings lora, Seeds seeds) throws IOException {
        Storage folder = new HadoopStorage(from, hadoop.value());
        return Lora.adapt(stored().weights(folder, backend, tensors(model), seeds), lora, seeds);
    }
}

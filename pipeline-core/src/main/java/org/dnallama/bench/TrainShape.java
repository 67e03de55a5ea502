package org.dnallama.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.LlamaConfig;

/** The shapes of model and batch that training is measured on. */
public enum TrainShape {
    /** What the demo's users run: small, overlapping 4-mers. */
    DEMO(new LlamaConfig(261, 128, 4, 4, 2, 352, 128, 500_000, 1e-5, true), 128, 8),
    /** A model for one machine, 6-mers. */
    BASE(new LlamaConfig(4096, 256, 4, 8, 4, 704, 256, 500_000, 1e-5, false), 256, 8),
    /** The same on long sequences. */
    LONG(new LlamaConfig(4096, 256, 4, 8, 4, 704, 2048, 500_000, 1e-5, false), 2048, 1),
    /** Wide layers and a character vocabulary: nearly all of it matrix products. */
    WIDE(new LlamaConfig(128, 768, 6, 12, 4, 2048, 256, 500_000, 1e-5, true), 256, 4);

    private final LlamaConfig config;
    private final int sequenceLength;
    private final int rows;

    TrainShape(LlamaConfig config, int sequenceLength, int rows) {
        this.config = config;
        this.sequenceLength = sequenceLength;
        this.rows = rows;
    }

    /**
     * Its name on the command line and in figures.
     *
     * @return in small letters
     */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The shape that an option names.
     *
     * @param label its name
     * @param option the option, for messages
     * @param errors added to if there is no such shape
     * @return the shape; any one after an error
     */
    static TrainShape named(String label, String option, List<String> errors) {
        List<String> known = Arrays.stream(values()).map(TrainShape::label).toList();
        if (!known.contains(label)) {
            errors.add(option + ": no shape " + label + "; there are " + String.join(",", known));
            return BASE;
        }
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /**
     * The model's shape.
     *
     * @return a language model's configuration
     */
    public LlamaConfig config() {
        return config;
    }

    /**
     * Tokens of one batch.
     *
     * @return rows * sequenceLength
     */
    public int tokens() {
        return rows * sequenceLength;
    }

    /**
     * One batch of random tokens, always the same.
     *
     * @return rows of full length
     */
    Batch batch() {
        return batch(rows, 0);
    }

    /**
     * One step's rows in micro-batches, a row each at least.
     *
     * @param count number of micro-batches
     * @return batches of equal size
     */
    List<Batch> microBatches(int count) {
        List<Batch> batches = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            batches.add(batch(Math.max(1, rows / count), i));
        }
        return batches;
    }

    /**
     * Several batches of full size, all different.
     *
     * @param count how many
     * @return micro-batches of one step
     */
    List<Batch> batches(int count) {
        return IntStream.range(0, count).mapToObj(i -> batch(rows, i)).toList();
    }

    private Batch batch(int count, int index) {
        RandomGenerator random = new Seeds(1).stream("bench tokens", index);
        List<int[]> tokens = new ArrayList<>();
        for (int r = 0; r < count; r++) {
            tokens.add(random.ints(sequenceLength, 0, config.vocabularySize()).toArray());
        }
        return Batches.languageModel(tokens, 0);
    }

    /**
     * Arithmetic that a step cannot do without: 2 for each weight of a matrix and each token forward, twice that
     * backward, and attention's two products over the keys that causality leaves. Norms, activations, recomputation and
     * the optimizer are not counted.
     *
     * @return floating-point operations of one step
     */
    double stepFlops() {
        long kv = (long) config.kvHeads() * config.headDim();
        long layer = (long) config.dim() * (2L * config.dim() + 2 * kv + 3L * config.hiddenDim());
        long weights = config.layers() * layer + (long) config.vocabularySize() * config.dim();
        // Half of T keys on average, a product with k and one with v: 2 * 2 * T / 2 * dim a token and layer.
        double attention = 2.0 * sequenceLength * config.dim() * config.layers();
        return 3 * tokens() * (2.0 * weights + attention);
    }
}

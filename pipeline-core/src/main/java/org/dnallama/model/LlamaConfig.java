package org.dnallama.model;

import org.dnallama.config.Settings;

/**
 * The shape of a LLaMA-3 model, with the names of this project; {@code checkpoint} maps them to Hugging Face's.
 *
 * @param vocabularySize token ids
 * @param dim width of the residual stream
 * @param layers transformer blocks
 * @param heads query heads; divides dim
 * @param kvHeads key/value heads; divides heads
 * @param hiddenDim width of the SwiGLU
 * @param contextLength most tokens in a sequence
 * @param ropeTheta base of the rotary angles
 * @param ropeScaling what a long context does to them
 * @param normEps added to the mean square in RMSNorm
 * @param tiedEmbeddings whether the language-model head is the embedding table
 * @param extensions what it has beyond LLaMA
 */
public record LlamaConfig(
        int vocabularySize,
        int dim,
        int layers,
        int heads,
        int kvHeads,
        int hiddenDim,
        int contextLength,
        double ropeTheta,
        RopeScaling ropeScaling,
        double normEps,
        boolean tiedEmbeddings,
        Extensions extensions)
        implements java.io.Serializable {

    /** Rejects shapes that do not fit together. */
    public LlamaConfig {
        String problem = problem(dim, heads, kvHeads);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException(problem);
        }
    }

    /**
     * A plain shape: rotary angles as they are, and nothing beyond LLaMA.
     *
     * @param vocabularySize token ids
     * @param dim width of the residual stream
     * @param layers transformer blocks
     * @param heads query heads; divides dim
     * @param kvHeads key/value heads; divides heads
     * @param hiddenDim width of the SwiGLU
     * @param contextLength most tokens in a sequence
     * @param ropeTheta base of the rotary angles
     * @param normEps added to the mean square in RMSNorm
     * @param tiedEmbeddings whether the language-model head is the embedding table
     */
    public LlamaConfig(
            int vocabularySize,
            int dim,
            int layers,
            int heads,
            int kvHeads,
            int hiddenDim,
            int contextLength,
            double ropeTheta,
            double normEps,
            boolean tiedEmbeddings) {
        this(
                vocabularySize,
                dim,
                layers,
                heads,
                kvHeads,
                hiddenDim,
                contextLength,
                ropeTheta,
                RopeScaling.NONE,
                normEps,
                tiedEmbeddings,
                Extensions.NONE);
    }

    /**
     * Reads a new model's shape from {@code model.*}.
     *
     * @param settings the configuration; errors are noted there
     * @param vocabularySize from the tokenizer
     * @return the shape
     * @throws org.dnallama.config.ConfigException if any key read so far is in error
     */
    public static LlamaConfig read(Settings settings, int vocabularySize) {
        int dim = settings.integer("model.dim", 2);
        int heads = settings.integer("model.heads", 1);
        int kvHeads = settings.integer("model.kvHeads", 1);
        int layers = settings.integer("model.layers", 1);
        int hiddenDim = settings.integer("model.hiddenDim", 1);
        int contextLength = settings.integer("model.contextLength", 2);
        double ropeTheta = settings.real("model.ropeTheta", 1, 1e12);
        double normEps = settings.real("model.normEps", 1e-12, 1);
        boolean tied = settings.flag("model.tiedEmbeddings");
        Extensions extensions = Extensions.read(settings);
        String problem = problem(dim, heads, kvHeads);
        settings.require(problem.isEmpty(), "model: " + problem);
        settings.check();
        return new LlamaConfig(
                vocabularySize,
                dim,
                layers,
                heads,
                kvHeads,
                hiddenDim,
                contextLength,
                ropeTheta,
                RopeScaling.NONE,
                normEps,
                tied,
                extensions);
    }

    private static String problem(int dim, int heads, int kvHeads) {
        if (heads < 1 || dim % heads != 0 || dim / heads % 2 != 0) {
            return "dim = %d must be an even multiple of heads = %d".formatted(dim, heads);
        }
        if (kvHeads < 1 || heads % kvHeads != 0) {
            return "heads = %d must be a multiple of kvHeads = %d".formatted(heads, kvHeads);
        }
        return "";
    }

    /**
     * Numbers in a head.
     *
     * @return dim / heads
     */
    public int headDim() {
        return dim / heads;
    }

    /**
     * How fast a pair of numbers in a head turns.
     *
     * @param pair in [0, headDim / 2)
     * @return radians a token: ropeTheta^(-2 pair / headDim), scaled
     */
    public double ropeFrequency(int pair) {
        return ropeScaling.scaled(Math.pow(ropeTheta, -2.0 * pair / headDim()));
    }

    /**
     * The same shape with more token ids.
     *
     * @param size token ids
     * @return another configuration
     */
    public LlamaConfig withVocabulary(int size) {
        return new LlamaConfig(
                size,
                dim,
                layers,
                heads,
                kvHeads,
                hiddenDim,
                contextLength,
                ropeTheta,
                ropeScaling,
                normEps,
                tiedEmbeddings,
                extensions);
    }

    /**
     * Columns of the joint query, key and value projection.
     *
     * @return (heads + 2 kvHeads) headDim
     */
    public int qkvDim() {
        return (heads + 2 * kvHeads) * headDim();
    }
}

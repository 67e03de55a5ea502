package org.dnallama.model;

import java.io.Serializable;
import org.dnallama.config.Settings;

/**
 * How wide new weights are spread; all are drawn from a normal distribution around 0, and gains are 1.
 *
 * @param kind by which rule
 * @param std of the rule {@link Kind#CONSTANT}
 */
public record Initialization(Kind kind, double std) implements Serializable {

    /** The rules there are. */
    public enum Kind {
        /**
         * One deviation for all, divided by sqrt(2 layers) for what writes to the residual stream.
         *
         * @see <a
         *     href="https://cdn.openai.com/better-language-models/language_models_are_unsupervised_multitask_learners.pdf">
         *     Radford et al. 2019</a>
         */
        CONSTANT,
        /**
         * 1 / sqrt(inputs), half of it for what writes to the residual stream; embeddings so that their sum has a
         * deviation of 0.5. Small models trained for some minutes start better from it.
         */
        FAN_IN
    }

    private static final double RESIDUAL_PART = 0.5;
    private static final double HEAD_PART = 0.3;
    private static final double EMBEDDED = 0.5;
    private static final double POSITION = 0.1;

    /**
     * One deviation for all.
     *
     * @param std the deviation
     * @return the rule
     */
    public static Initialization constant(double std) {
        return new Initialization(Kind.CONSTANT, std);
    }

    /**
     * Reads {@code model.initialization} and {@code model.initStd}.
     *
     * @param settings the configuration; errors are noted there
     * @return the rule
     */
    public static Initialization read(Settings settings) {
        return new Initialization(
                settings.choice("model.initialization", Kind.class), settings.real("model.initStd", 0, 1));
    }

    /** Standard deviation of a new tensor's numbers. */
    double deviation(TensorSpec spec, LlamaConfig config) {
        String name = spec.name();
        if (name.equals(LlamaLayout.POOL)) {
            // So that the sum over a whole context, times the root of its length, is as large as one state.
            return 1.0 / config.contextLength();
        }
        boolean toResidual = name.endsWith("o_proj.weight") || name.endsWith("down_proj.weight");
        if (kind == Kind.CONSTANT) {
            return toResidual ? std / Math.sqrt(2.0 * config.layers()) : std;
        }
        if (name.equals(LlamaLayout.POSITIONS)) {
            return POSITION;
        }
        if (name.startsWith("model.embed_")) {
            return EMBEDDED / Math.sqrt(1.0 + config.extensions().kmers().size());
        }
        double part = toResidual ? RESIDUAL_PART : name.equals(LlamaLayout.SCORE) ? HEAD_PART : 1;
        return part / Math.sqrt(spec.shape().get(1));
    }
}

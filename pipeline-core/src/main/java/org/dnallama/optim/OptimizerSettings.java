package org.dnallama.optim;

import java.io.Serializable;
import java.util.Locale;
import org.dnallama.compute.AdamStep;
import org.dnallama.config.Settings;

/**
 * Which optimizer, and its constants.
 *
 * @param kind which
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon added to the root of the second moment
 * @param weightDecay decoupled
 * @param guard KT4's bound on the curvature z; 0 for none
 * @param tableau the stages of the KT4 family
 */
public record OptimizerSettings(
        Kind kind, double beta1, double beta2, double epsilon, double weightDecay, double guard, Tableau tableau)
        implements Serializable {

    /** The optimizers there are. */
    public enum Kind {
        /** Loshchilov and Hutter's. */
        ADAMW,
        /** The same with Nesterov's momentum, after Dozat. */
        NADAMW,
        /** Runge-Kutta on the preconditioned flow, each stage on the whole batch. */
        KT4,
        /** The same, each stage on its own part of the batch. */
        KT4_SPLIT,
        /** Runge-Kutta on the raw gradient flow; a control. */
        KT4_CLASSIC;

        /**
         * The name by which configurations and logs call it.
         *
         * @return such as {@code kt4}
         */
        public String label() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * Reads {@code prefix.*}; errors are noted in the settings.
     *
     * @param settings the configuration
     * @param prefix such as {@code pretrain.training}
     * @return the settings, to be used only after {@link Settings#check()}
     */
    public static OptimizerSettings read(Settings settings, String prefix) {
        double almostOne = Math.nextDown(1.0);
        return new OptimizerSettings(
                settings.choice(prefix + ".optimizer", Kind.class),
                settings.real(prefix + ".beta1", 0, almostOne),
                settings.real(prefix + ".beta2", 0, almostOne),
                settings.real(prefix + ".epsilon", Double.MIN_NORMAL, 1),
                settings.real(prefix + ".weightDecay", 0, 1e3),
                settings.real(prefix + ".guard", 0, 1e9),
                settings.choice(prefix + ".tableau", Tableau.byName()));
    }

    /**
     * The same constants for another optimizer.
     *
     * @param other which
     * @return settings
     */
    public OptimizerSettings withKind(Kind other) {
        return new OptimizerSettings(other, beta1, beta2, epsilon, weightDecay, guard, tableau);
    }

    /**
     * Notes an error unless a batch can be dealt to the stages of {@code kt4-split}; other optimizers take any.
     *
     * @param settings where errors are noted
     * @param prefix such as {@code pretrain.training}
     * @param batchSize rows in a step
     * @param microBatch rows in a micro-batch
     */
    public void requireDivisible(Settings settings, String prefix, int batchSize, int microBatch) {
        boolean even = batchSize % microBatch == 0 && tableau.divides(batchSize / microBatch);
        settings.require(
                kind != Kind.KT4_SPLIT || even,
                "%s.microBatch = %d: must cut batchSize = %d into equal parts, a multiple of %d or %d of them, for kt4-split deals them to the stages of %s"
                        .formatted(prefix, microBatch, batchSize, tableau.stages(), tableau.bUnits(), tableau.name()));
    }

    /** The coefficients of step t. */
    AdamStep step(double learningRate, long t) {
        AdamStep.Momentum momentum = kind == Kind.NADAMW ? AdamStep.Momentum.NESTEROV : AdamStep.Momentum.CLASSICAL;
        return new AdamStep(learningRate, beta1, beta2, epsilon, weightDecay, t, momentum);
    }
}

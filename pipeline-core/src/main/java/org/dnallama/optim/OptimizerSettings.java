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
 */
public record OptimizerSettings(Kind kind, double beta1, double beta2, double epsilon, double weightDecay, double guard)
        implements Serializable {

    /** The optimizers there are. */
    public enum Kind {
        /** Loshchilov and Hutter's. */
        ADAMW,
        /** Fourth-order Runge-Kutta on the preconditioned flow. */
        KT4,
        /** Fourth-order Runge-Kutta on the raw gradient flow; a control. */
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
                settings.real(prefix + ".guard", 0, 1e9));
    }

    /**
     * The same constants for another optimizer.
     *
     * @param other which
     * @return settings
     */
    public OptimizerSettings withKind(Kind other) {
        return new OptimizerSettings(other, beta1, beta2, epsilon, weightDecay, guard);
    }

    /** The coefficients of step t. */
    AdamStep step(double learningRate, long t) {
        return new AdamStep(learningRate, beta1, beta2, epsilon, weightDecay, t);
    }
}

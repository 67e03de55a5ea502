package org.dnallama.compute;

/**
 * Coefficients of one step of the Adam family.
 *
 * @param learningRate lr
 * @param beta1 decay of the first moment, in [0, 1)
 * @param beta2 decay of the second moment, in [0, 1)
 * @param epsilon eps, added to the root of the second moment; positive
 * @param weightDecay decoupled, per unit of learning rate
 * @param step t, from 1
 * @param momentum which mean of moment and gradient the parameters follow
 */
public record AdamStep(
        double learningRate,
        double beta1,
        double beta2,
        double epsilon,
        double weightDecay,
        long step,
        Momentum momentum) {

    /** Which mean of moment and gradient the parameters follow. */
    public enum Momentum {
        /** Kingma and Ba's: m / (1 - b1^t). */
        CLASSICAL,
        /** Dozat's, with a constant b1: b1 m / (1 - b1^(t+1)) + (1 - b1) g / (1 - b1^t). */
        NESTEROV
    }

    /**
     * Bias correction of the first moment.
     *
     * @return bc1 = 1 - beta1^t
     */
    public double correction1() {
        return 1 - Math.pow(beta1, (double) step);
    }

    /**
     * Bias correction of the second moment.
     *
     * @return bc2 = 1 - beta2^t
     */
    public double correction2() {
        return 1 - Math.pow(beta2, (double) step);
    }

    /**
     * Weight of the new first moment in the direction of the step.
     *
     * @return wm
     */
    public double momentWeight() {
        return momentum == Momentum.CLASSICAL ? 1 / correction1() : beta1 / (1 - Math.pow(beta1, (double) (step + 1)));
    }

    /**
     * Weight of the gradient itself in the direction of the step.
     *
     * @return wg
     */
    public double gradientWeight() {
        return momentum == Momentum.CLASSICAL ? 0 : (1 - beta1) / correction1();
    }

    /**
     * Most that AdamW can move a parameter, in learning rates: max(1, (1-beta1)/sqrt(1-beta2)).
     *
     * @return U
     */
    public double mostMove() {
        return Math.max(1, (1 - beta1) / Math.sqrt(1 - beta2));
    }

    /**
     * The same step without weight decay, for parameters that take none.
     *
     * @return a copy with weightDecay 0
     */
    public AdamStep withoutDecay() {
        return new AdamStep(learningRate, beta1, beta2, epsilon, 0, step, momentum);
    }
}

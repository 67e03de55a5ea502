package org.dnallama.optim;

/**
 * Learning rate over a run: linear warmup to the peak, then half a cosine down to a part of it.
 *
 * @param peak highest learning rate
 * @param warmupSteps steps until the peak
 * @param steps of the whole run
 * @param finalFraction rate at the last step, as a part of the peak
 * @see <a href="https://arxiv.org/abs/1608.03983">Loshchilov and Hutter 2017</a>
 */
public record Schedule(double peak, long warmupSteps, long steps, double finalFraction) {

    /**
     * The rate of a step.
     *
     * @param step from 1
     * @return the learning rate
     */
    public double at(long step) {
        if (step <= warmupSteps) {
            return peak * (double) step / (double) warmupSteps;
        }
        double progress = Math.min(1, (double) (step - warmupSteps) / (double) Math.max(1, steps - warmupSteps));
        double cosine = (1 + Math.cos(Math.PI * progress)) / 2;
        return peak * (finalFraction + (1 - finalFraction) * cosine);
    }
}

package org.dnallama.plan;

import org.dnallama.optim.OptimizerSettings.Kind;

/**
 * What a step asks of each rank, in seconds of the device that it runs on.
 *
 * @param name of the optimizer
 * @param tokens of each rank in a step
 * @param computeSeconds of a step, without any exchange
 * @param backwardSeconds of one gradient's backward pass, under which sums may hide
 * @param evaluations gradients that are summed in a step
 * @param bytes of one gradient
 * @param sums in which it is summed, one after the other
 * @param lateBytes of it that are summed when the backward pass is over
 * @param checkpointBytes parameters, best parameters and moments
 */
record Workload(
        String name,
        long tokens,
        double computeSeconds,
        double backwardSeconds,
        long evaluations,
        long bytes,
        long sums,
        long lateBytes,
        long checkpointBytes) {

    /**
     * Takes the figures out of a plan.
     *
     * @param optimizer which it is for
     * @param tokens of each rank in a step
     * @param flopPerSecond that the device really does
     */
    static Workload of(Kind optimizer, Plan plan, long tokens, double flopPerSecond) {
        long gradient = plan.trained() * Float.BYTES;
        long evaluations = plan.allReducedBytes() / gradient;
        double compute = plan.stepOperations() * tokens / flopPerSecond;
        double forward = plan.forwardOperations() * tokens / flopPerSecond;
        int moments = optimizer == Kind.KT4_CLASSIC ? 0 : 2;
        return new Workload(
                optimizer.label(),
                tokens,
                compute,
                compute / evaluations - forward,
                evaluations,
                gradient,
                plan.sums() / evaluations,
                plan.lateBytes(),
                (2 + moments) * gradient);
    }

    /** In how many sums the late bytes go. */
    long lateSums() {
        return Math.max(1, Math.round((double) sums * lateBytes / bytes));
    }
}

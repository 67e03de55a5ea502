package org.dnallama.optim;

/** The two counters that every optimizer keeps: its steps, and the gradients that they cost. */
abstract class CountedOptimizer implements Optimizer {

    private long t;
    private long evaluations;

    /** One more step, which asked for so many gradients. */
    final void count(int gradients) {
        t++;
        evaluations += gradients;
    }

    @Override
    public final long steps() {
        return t;
    }

    @Override
    public final long gradientEvaluations() {
        return evaluations;
    }

    @Override
    public final void resume(long steps, long gradientEvaluations) {
        t = steps;
        evaluations = gradientEvaluations;
    }
}

package org.dnallama.optim;

import org.dnallama.model.Parameters;

/** The two counters that every optimizer keeps: its steps, and the gradients that they cost. */
abstract class CountedOptimizer implements Optimizer {

    private long t;
    private long evaluations;

    /** Asks the field for a gradient. */
    final double evaluate(GradientField field, Parameters theta, BatchPortion portion, Parameters gradient) {
        evaluations++;
        return field.evaluate(theta, portion, gradient);
    }

    /** One more step is taken. */
    final void countStep() {
        t++;
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

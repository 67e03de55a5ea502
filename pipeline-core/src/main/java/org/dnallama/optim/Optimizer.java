package org.dnallama.optim;

import java.util.Map;
import org.dnallama.model.Parameters;

/**
 * Moves the parameters one step downhill. It pulls the gradients that it needs from a field and knows nothing of ranks.
 */
public interface Optimizer extends AutoCloseable {

    /**
     * Updates theta in place. If the field throws, theta, the moments and the number of steps are as before the call;
     * the gradients that were asked for count.
     *
     * @param theta parameters
     * @param field the batch's loss surface; asked once by AdamW, four times by KT4
     * @param learningRate this step's
     * @return loss at the incoming theta, nats per target token
     */
    double step(Parameters theta, GradientField field, double learningRate);

    /**
     * Steps taken since the beginning of training.
     *
     * @return t
     */
    long steps();

    /**
     * Gradients asked for since the beginning of training.
     *
     * @return a count
     */
    long gradientEvaluations();

    /**
     * What the last step tells of itself, for the log: names such as {@code z} to numbers.
     *
     * @return telemetry, in a fixed order; empty before the first step
     */
    Map<String, Double> telemetry();

    /**
     * The moments, by name ({@code m}, {@code v}), for checkpoints. Not copies: writing to them changes the optimizer.
     *
     * @return vectors of theta's layout, in a fixed order
     */
    Map<String, Parameters> state();

    /**
     * Takes up counters from a checkpoint; the moments are restored through {@link #state()}.
     *
     * @param steps t
     * @param gradientEvaluations gradients asked for so far
     */
    void resume(long steps, long gradientEvaluations);

    /** Frees moments and scratch. */
    @Override
    void close();
}

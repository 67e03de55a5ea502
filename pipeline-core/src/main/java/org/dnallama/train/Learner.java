package org.dnallama.train;

import java.util.Map;
import org.dnallama.model.Parameters;

/**
 * What moves the parameters: here and now, one step at a time, or on other machines, some steps at a time. The trainer
 * measures, logs and checkpoints between its turns.
 */
public interface Learner extends AutoCloseable {

    /**
     * A turn that was taken.
     *
     * @param steps taken, at least 1
     * @param tokens seen in them, without padding
     * @param values what the log shall hold of it, such as {@code lossNats}
     */
    record Turn(long steps, long tokens, Map<String, Double> values) {}

    /**
     * Takes the next steps of the run.
     *
     * @param done steps taken before
     * @param most steps that are left
     * @return what was done
     * @throws org.dnallama.optim.NotFiniteException if a loss or a gradient is not finite; nothing has moved then, and
     *     one step is lost
     */
    Turn learn(long done, long most);

    /**
     * Gradients asked for since the beginning of training, by one rank.
     *
     * @return a count
     */
    long gradientEvaluations();

    /**
     * The moments, by name, for checkpoints. Not copies: writing to them changes the learner.
     *
     * @return vectors of the parameters' layout, in a fixed order
     */
    Map<String, Parameters> state();

    /**
     * Takes up counters from a checkpoint; parameters and moments are restored in place.
     *
     * @param steps that the moments have seen
     * @param gradientEvaluations gradients asked for so far
     */
    void resume(long steps, long gradientEvaluations);

    @Override
    void close();
}

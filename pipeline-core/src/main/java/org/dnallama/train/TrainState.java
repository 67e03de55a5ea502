package org.dnallama.train;

/**
 * How far a run has come; with parameters and moments it is all that a resume needs, because the order of rows and the
 * dropout follow from the step's number.
 *
 * @param step steps taken
 * @param gradientEvaluations gradients computed
 * @param elapsedSeconds spent in training steps, over all runs
 * @param bestStep step of the best evaluation; 0 before the first
 * @param bestScore its score
 */
public record TrainState(long step, long gradientEvaluations, double elapsedSeconds, long bestStep, double bestScore)
        implements java.io.Serializable {

    /** Before the first step. */
    public static final TrainState START = new TrainState(0, 0, 0, 0, Double.NEGATIVE_INFINITY);
}

package org.dnallama.train;

/**
 * How far a run has come; with parameters and moments it is all that a resume needs, because the order of rows and the
 * dropout follow from the step's number.
 *
 * @param step steps taken, skipped ones included
 * @param gradientEvaluations gradients computed
 * @param elapsedSeconds spent in training steps, over all runs
 * @param bestStep step of the best evaluation; 0 before the first
 * @param bestScore its score
 * @param skippedSteps steps that left the parameters alone, because a loss or gradient was not finite
 * @param momentSteps steps that the optimizer's moments have seen
 */
public record TrainState(
        long step,
        long gradientEvaluations,
        double elapsedSeconds,
        long bestStep,
        double bestScore,
        long skippedSteps,
        long momentSteps)
        implements java.io.Serializable {

    /** Before the first step. */
    public static final TrainState START = new TrainState(0, 0, 0, 0, Double.NEGATIVE_INFINITY, 0, 0);

    /** Some more steps. */
    TrainState moved(long steps, long evaluations, double seconds) {
        return new TrainState(
                step + steps,
                evaluations,
                elapsedSeconds + seconds,
                bestStep,
                bestScore,
                skippedSteps,
                momentSteps + steps);
    }

    /** One more step, which moved nothing. */
    TrainState skipped(long evaluations, double seconds) {
        return new TrainState(
                step + 1, evaluations, elapsedSeconds + seconds, bestStep, bestScore, skippedSteps + 1, momentSteps);
    }

    /** The evaluation after this step is the best so far. */
    TrainState withBest(double score) {
        return new TrainState(step, gradientEvaluations, elapsedSeconds, step, score, skippedSteps, momentSteps);
    }
}

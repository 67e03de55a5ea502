package org.dnallama.optim;

import java.util.function.IntConsumer;
import org.dnallama.collective.SingleRank;
import org.dnallama.model.Parameters;

/**
 * One rank's part of the loss surface of a batch. Parts are put together by the number of their targets, so that every
 * target of the whole batch counts the same, wherever it lies.
 */
public interface LocalField extends GradientField {

    /**
     * How much this rank's part weighs.
     *
     * @param portion which part of the batch
     * @return targets that count; may be 0
     */
    long targets(BatchPortion portion);

    /**
     * Evaluates sums over this rank's targets.
     *
     * @param theta where; not modified
     * @param portion which part of the batch
     * @param scale factor of the gradient, usually 1 / (targets of all ranks)
     * @param gradient overwritten with scale d(sum of losses)/d(theta), same layout as theta
     * @param finished told each bucket of the gradient, by number, once nothing more is added to it; in the same order
     *     on every rank, by one thread at a time
     * @return sum of the losses, nats, not scaled; 0 without targets
     */
    double sum(Parameters theta, BatchPortion portion, double scale, Parameters gradient, IntConsumer finished);

    /** The mean over this rank's targets alone. */
    @Override
    default double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
        return new AveragedField(this, new SingleRank()).evaluate(theta, portion, gradient);
    }
}

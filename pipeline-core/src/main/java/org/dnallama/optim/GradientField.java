package org.dnallama.optim;

import org.dnallama.model.Parameters;

/**
 * The loss surface of one batch, seen as a vector field over the parameters. Same arguments, same result (dropout is
 * replayed).
 */
@FunctionalInterface
public interface GradientField {

    /**
     * Evaluates loss and gradient.
     *
     * @param theta where; not modified
     * @param portion which part of the batch
     * @param gradient overwritten with d(mean loss)/d(theta), same layout as theta
     * @return mean loss, nats per target token, over the portion and all ranks
     */
    double evaluate(Parameters theta, BatchPortion portion, Parameters gradient);

    /**
     * How finely the batch can be cut into portions.
     *
     * @return number of micro-batches
     */
    default int microBatches() {
        return 1;
    }
}

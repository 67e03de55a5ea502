package org.dnallama.model;

import java.util.function.IntConsumer;

/** A model with a head and a loss: what is trained. Not safe for use by several threads. */
public interface Objective extends AutoCloseable {

    /**
     * Loss of a batch, without gradients.
     *
     * @param theta parameters
     * @param batch rows with targets
     * @return sum over the targets, nats
     */
    double loss(Parameters theta, Batch batch);

    /**
     * Loss and gradient of a batch.
     *
     * @param theta parameters
     * @param batch rows with targets
     * @param dropout names the micro-batch's dropout
     * @param scale factor of the gradient, usually 1 / (targets in all micro-batches)
     * @param gradient added to
     * @param blockDone told when nothing more is added to the gradient from a block's first tensor on: first the number
     *     of blocks, when only what stands on top of them is done, then each block from the last one down to 0
     * @return sum over the targets, nats, not scaled
     */
    double lossAndGradient(
            Parameters theta, Batch batch, Dropouts dropout, double scale, Parameters gradient, IntConsumer blockDone);

    /**
     * Loss and gradient of a batch, of which nobody takes a part before the whole is there.
     *
     * @param theta parameters
     * @param batch rows with targets
     * @param dropout names the micro-batch's dropout
     * @param scale factor of the gradient, usually 1 / (targets in all micro-batches)
     * @param gradient added to
     * @return sum over the targets, nats, not scaled
     */
    default double lossAndGradient(Parameters theta, Batch batch, Dropouts dropout, double scale, Parameters gradient) {
        return lossAndGradient(theta, batch, dropout, scale, gradient, block -> {});
    }

    @Override
    void close();
}

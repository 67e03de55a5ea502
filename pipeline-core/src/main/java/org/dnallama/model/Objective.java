package org.dnallama.model;

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
     * @return sum over the targets, nats, not scaled
     */
    double lossAndGradient(Parameters theta, Batch batch, Dropouts dropout, double scale, Parameters gradient);

    @Override
    void close();
}

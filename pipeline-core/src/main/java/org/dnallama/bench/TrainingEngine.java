package org.dnallama.bench;

/** A model, its optimizer and a batch, ready to train on it again and again. */
interface TrainingEngine extends AutoCloseable {

    /**
     * Forward, backward and AdamW, once.
     *
     * @return mean loss before the step, nats
     */
    double step();

    @Override
    void close();
}

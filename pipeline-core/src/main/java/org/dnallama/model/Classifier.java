package org.dnallama.model;

import static org.dnallama.compute.Into.SET;

import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;

/** Two classes from a pooled hidden state. */
public final class Classifier implements Objective {

    private final Llama llama;
    private final Pooling pooling;

    /**
     * A classifier of a shape.
     *
     * @param backend where it computes
     * @param config its shape
     * @param pooling which states it reads
     */
    public Classifier(Backend backend, LlamaConfig config, Pooling pooling) {
        this(backend, config, pooling, ActivationMemory.KEPT);
    }

    /**
     * A classifier of a shape.
     *
     * @param backend where it computes
     * @param config its shape
     * @param pooling which states it reads
     * @param memory what a forward keeps for its backward
     */
    public Classifier(Backend backend, LlamaConfig config, Pooling pooling, ActivationMemory memory) {
        this.llama = new Llama(backend, config, memory);
        this.pooling = pooling;
    }

    @Override
    public double loss(Parameters theta, Batch batch) {
        try (Scratch s = forward(theta, batch, Llama.Dropouts.NONE)) {
            return llama.backend().crossEntropy(s.logits, batch.targets(), 0);
        }
    }

    /**
     * Probability of class 1.
     *
     * @param theta parameters
     * @param batch rows; targets are not read
     * @return one probability a row
     */
    public double[] probabilities(Parameters theta, Batch batch) {
        try (Scratch s = forward(theta, batch, Llama.Dropouts.NONE)) {
            float[] logits = new float[batch.rows() * LlamaLayout.CLASSES];
            llama.backend().read(s.logits.buffer(), logits);
            double[] probabilities = new double[batch.rows()];
            for (int r = 0; r < probabilities.length; r++) {
                probabilities[r] = 1 / (1 + Math.exp((double) logits[2 * r] - logits[2 * r + 1]));
            }
            return probabilities;
        }
    }

    @Override
    public double lossAndGradient(
            Parameters theta, Batch batch, Llama.Dropouts dropout, double scale, Parameters gradient) {
        Backend backend = llama.backend();
        try (Scratch s = forward(theta, batch, dropout)) {
            double loss = backend.crossEntropy(s.logits, batch.targets(), scale);
            Matrix dLogits = s.logits;
            backend.linearWeightGradient(gradient.matrix(LlamaLayout.SCORE), dLogits, s.pooled);
            backend.linearInputGradient(s.dPooled, dLogits, theta.matrix(LlamaLayout.SCORE), SET);
            backend.segmentMeanBackward(s.dHidden, s.dPooled, s.first, s.end);
            llama.backward(theta, batch, dropout, s.dHidden, gradient);
            return loss;
        }
    }

    private Scratch forward(Parameters theta, Batch batch, Llama.Dropouts dropout) {
        Matrix hidden = llama.forward(theta, batch, dropout);
        Scratch s = new Scratch(llama.backend(), batch, hidden.columns(), pooling);
        llama.backend().segmentMean(s.pooled, hidden, s.first, s.end);
        llama.backend().linear(s.logits, s.pooled, theta.matrix(LlamaLayout.SCORE), SET);
        return s;
    }

    @Override
    public void close() {
        llama.close();
    }

    /** Pooled states, logits and their gradients: small beside the transformer's activations. */
    private static final class Scratch implements AutoCloseable {
        private final int[] first;
        private final int[] end;
        private final Matrix pooled;
        private final Matrix logits;
        private final Matrix dPooled;
        private final Matrix dHidden;

        Scratch(Backend backend, Batch batch, int dim, Pooling pooling) {
            int rows = batch.rows();
            first = new int[rows];
            end = new int[rows];
            for (int r = 0; r < rows; r++) {
                end[r] = r * batch.sequenceLength() + batch.lengths()[r];
                first[r] = pooling == Pooling.MEAN ? r * batch.sequenceLength() : end[r] - 1;
            }
            pooled = matrix(backend, rows, dim);
            logits = matrix(backend, rows, LlamaLayout.CLASSES);
            dPooled = matrix(backend, rows, dim);
            dHidden = matrix(backend, batch.tokens().length, dim);
        }

        private static Matrix matrix(Backend backend, int rows, int columns) {
            Buffer buffer = backend.allocate((long) rows * columns);
            return Matrix.of(buffer, rows, columns);
        }

        @Override
        public void close() {
            pooled.buffer().close();
            logits.buffer().close();
            dPooled.buffer().close();
            dHidden.buffer().close();
        }
    }
}

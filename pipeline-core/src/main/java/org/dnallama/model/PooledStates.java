package org.dnallama.model;

import org.dnallama.compute.Backend;
import org.dnallama.compute.Matrix;

/** One state for each row, out of those of its tokens; forward and backward. */
final class PooledStates implements AutoCloseable {

    private final Backend backend;
    private final Pooling pooling;
    private final Scratch states;
    private final Scratch gradients;

    PooledStates(Backend backend, Pooling pooling) {
        this.backend = backend;
        this.pooling = pooling;
        this.states = new Scratch(backend);
        this.gradients = new Scratch(backend);
    }

    /** Which tokens make which state; with both ends there are two segments for each row. */
    private record Segments(int[] first, int[] end) {}

    /** The rows' states, shape (rows, dim), or (rows, 2 dim) for both ends; valid until the next forward. */
    Matrix forward(Matrix hidden, Parameters theta, Batch batch) {
        Segments segments = segments(batch);
        Matrix y = states.matrix(segments.first.length, hidden.columns());
        if (pooling == Pooling.FLAT) {
            backend.segmentWeighted(y, hidden, theta.matrix(LlamaLayout.POOL), segments.first, segments.end);
        } else {
            backend.segmentMean(y, hidden, segments.first, segments.end);
        }
        return perRow(y, batch);
    }

    /** Whether it reads a token or two of each row, and not all. */
    boolean readsFew() {
        return pooling == Pooling.LAST || pooling == Pooling.ENDS;
    }

    /** The tokens that it reads if these are few, row by row. */
    int[] tokens(Batch batch) {
        return segments(batch).first;
    }

    /** Where the gradient of {@link #forward}'s states is to be written. */
    Matrix gradient(Matrix pooled) {
        return gradients.matrix(pooled.rows(), pooled.columns());
    }

    /** Adds the gradient of the hidden states, and that of the pooling's own weights. */
    void backward(Matrix dHidden, Matrix dPooled, Matrix hidden, Parameters theta, Batch batch, Parameters gradient) {
        Segments segments = segments(batch);
        Matrix dy = Matrix.of(dPooled.buffer(), segments.first.length, hidden.columns());
        if (pooling == Pooling.FLAT) {
            backend.segmentWeightedBackward(
                    dHidden,
                    gradient.matrix(LlamaLayout.POOL),
                    dy,
                    hidden,
                    theta.matrix(LlamaLayout.POOL),
                    segments.first,
                    segments.end);
        } else {
            backend.segmentMeanBackward(dHidden, dy, segments.first, segments.end);
        }
    }

    /** The states of {@link #tokens}, those of a row side by side. */
    static Matrix perRow(Matrix y, Batch batch) {
        int width = y.columns() * (y.rows() / batch.rows());
        return Matrix.of(y.buffer(), batch.rows(), width);
    }

    private Segments segments(Batch batch) {
        int parts = pooling == Pooling.ENDS ? 2 : 1;
        int[] first = new int[parts * batch.rows()];
        int[] end = first.clone();
        for (int r = 0; r < batch.rows(); r++) {
            int start = r * batch.sequenceLength();
            int stop = start + batch.lengths()[r];
            int last = parts * r + parts - 1;
            first[last] = pooling == Pooling.MEAN || pooling == Pooling.FLAT ? start : stop - 1;
            end[last] = stop;
            if (pooling == Pooling.ENDS) {
                first[parts * r] = start;
                end[parts * r] = start + 1;
            }
        }
        return new Segments(first, end);
    }

    @Override
    public void close() {
        states.close();
        gradients.close();
    }
}

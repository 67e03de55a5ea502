package org.dnallama.model;

import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;

/** Memory for one matrix at a time, as large as the largest one asked for. */
final class Scratch implements AutoCloseable {

    private final Backend backend;
    private Buffer buffer;

    Scratch(Backend backend) {
        this.backend = backend;
        this.buffer = backend.allocate(0);
    }

    /** A dense matrix over just as many numbers; it takes the place of the one before, whose numbers it may show. */
    Matrix matrix(int rows, int columns) {
        long length = (long) rows * columns;
        if (buffer.length() < length) {
            buffer.close();
            buffer = backend.allocate(length);
        }
        return Matrix.of(buffer.slice(0, length), rows, columns);
    }

    @Override
    public void close() {
        buffer.close();
    }
}

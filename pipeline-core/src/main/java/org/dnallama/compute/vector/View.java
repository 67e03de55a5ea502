package org.dnallama.compute.vector;

import org.bytedeco.javacpp.FloatPointer;
import org.dnallama.compute.Matrix;

/** A matrix in native memory: element (r, c) is number {@code offset + r * stride + c}. */
record View(NativeBuffer buffer, long offset, int rows, int columns, int stride) {

    static View of(Matrix matrix) {
        return new View((NativeBuffer) matrix.buffer(), 0, matrix.rows(), matrix.columns(), matrix.stride());
    }

    /** A matrix whose parts have {@code width} columns each. */
    static View ofParts(Matrix matrix, int width) {
        return new View((NativeBuffer) matrix.buffer(), 0, matrix.rows(), width, matrix.stride());
    }

    View part(int firstRow, int rowCount, int firstColumn) {
        return new View(buffer, offset + (long) firstRow * stride + firstColumn, rowCount, columns, stride);
    }

    FloatPointer pointer() {
        return buffer.pointer(offset);
    }

    Row row(int r) {
        return buffer.row(offset + (long) r * stride);
    }
}

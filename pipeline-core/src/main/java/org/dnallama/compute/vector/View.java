package org.dnallama.compute.vector;

import org.dnallama.compute.Matrix;
import org.dnallama.compute.blas.Sgemm;

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

    /** This = op(a) op(b) + beta this. */
    void setProduct(Sgemm.Op opA, View a, Sgemm.Op opB, View b, float beta) {
        int inner = opA == Sgemm.Op.PLAIN ? a.columns : a.rows;
        Sgemm.multiply(new Sgemm.Shape(rows, columns, inner), opA, a.place(), opB, b.place(), beta, place());
    }

    private Sgemm.Place place() {
        return new Sgemm.Place(buffer.pointer(offset), stride);
    }

    Row row(int r) {
        return buffer.row(offset + (long) r * stride);
    }
}

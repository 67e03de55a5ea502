package org.dnallama.compute.vector;

/**
 * A row-major matrix of float32 in scratch memory on the Java heap, with a cursor: element (r, c) is number {@code at +
 * r * stride + c}. The cursor moves, so that inner loops allocate nothing.
 */
final class Panel {

    final float[] data;
    final int stride;
    int at;

    Panel(int rows, int stride) {
        this.data = new float[Math.multiplyExact(rows, stride)];
        this.stride = stride;
    }

    /** Moves the cursor to number {@code position}. */
    Panel at(int position) {
        this.at = position;
        return this;
    }

    /** Moves the cursor to the start of a row. */
    Panel row(int r) {
        return at(r * stride);
    }

    /** Moves the cursor to an element. */
    Panel row(int r, int c) {
        return at(r * stride + c);
    }

    /** Sets numbers [from, to) of a row to zero. */
    void clear(int r, int from, int to) {
        java.util.Arrays.fill(data, r * stride + from, r * stride + to, 0f);
    }
}

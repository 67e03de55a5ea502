package org.dnallama.compute;

/**
 * A row-major matrix in a buffer: element (r, c) is number {@code r * stride + c}.
 *
 * @param buffer the memory
 * @param rows number of rows
 * @param columns number of columns
 * @param stride numbers between the starts of two rows, at least {@code columns}
 */
public record Matrix(Buffer buffer, int rows, int columns, int stride) {

    /** Rejects a shape that its buffer cannot hold. */
    public Matrix {
        if (rows < 0 || columns < 1 || stride < columns) {
            throw new IllegalArgumentException("no matrix: %d x %d, stride %d".formatted(rows, columns, stride));
        }
        if (rows > 0 && (rows - 1L) * stride + columns > buffer.length()) {
            throw new IllegalArgumentException("a %d x %d matrix, stride %d, does not fit %d numbers"
                    .formatted(rows, columns, stride, buffer.length()));
        }
    }

    /**
     * A dense matrix that starts where the buffer starts.
     *
     * @param buffer the memory
     * @param rows number of rows
     * @param columns number of columns
     * @return the matrix
     */
    public static Matrix of(Buffer buffer, int rows, int columns) {
        return new Matrix(buffer, rows, columns, columns);
    }

    /**
     * Some of the rows.
     *
     * @param from first row
     * @param count number of rows
     * @return a view
     */
    public Matrix rows(int from, int count) {
        long start = (long) from * stride;
        return new Matrix(buffer.slice(start, buffer.length() - start), count, columns, stride);
    }

    /**
     * Some of the columns.
     *
     * @param from first column
     * @param count number of columns
     * @return a view with the same stride
     */
    public Matrix columns(int from, int count) {
        return new Matrix(buffer.slice(from, buffer.length() - from), rows, count, stride);
    }
}

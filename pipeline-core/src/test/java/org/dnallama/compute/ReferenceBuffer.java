package org.dnallama.compute;

import java.util.Objects;

/** Numbers in a double array; slices share the array. */
@SuppressWarnings("ArrayRecordComponent")
record ReferenceBuffer(double[] numbers, int offset, int size) implements Buffer {

    ReferenceBuffer {
        Objects.checkFromIndexSize(offset, size, numbers.length);
    }

    static ReferenceBuffer of(Buffer buffer) {
        return (ReferenceBuffer) buffer;
    }

    double at(long i) {
        return numbers[place(i)];
    }

    void set(long i, double value) {
        numbers[place(i)] = value;
    }

    void add(long i, double value) {
        numbers[place(i)] += value;
    }

    private int place(long i) {
        return offset + Objects.checkIndex(Math.toIntExact(i), size);
    }

    @Override
    public long length() {
        return size;
    }

    @Override
    public Buffer slice(long from, long length) {
        Objects.checkFromIndexSize(from, length, size);
        return new ReferenceBuffer(numbers, offset + Math.toIntExact(from), Math.toIntExact(length));
    }

    @Override
    public void close() {}
}

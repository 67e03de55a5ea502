package org.dnallama.compute.nd4j;

import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.compute.Addressable;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.blas.Sgemm;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** float32 numbers on ND4J's device. */
final class Nd4jBuffer implements Addressable {

    private final INDArray memory;
    private final long offset;
    private final long length;
    private final Ownership ownership;

    private enum Ownership {
        OWNED,
        BORROWED
    }

    private Nd4jBuffer(INDArray memory, long offset, long length, Ownership ownership) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
        this.ownership = ownership;
    }

    static Nd4jBuffer zeros(long length) {
        // A workspace that a caller of the thread has open would take the memory back too early.
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            // ND4J's arrays of length 0 have no memory to make views of.
            return new Nd4jBuffer(Nd4j.create(DataType.FLOAT, Math.max(1, length)), 0, length, Ownership.OWNED);
        }
    }

    /** The numbers of a dense array, which stays its owner's. */
    static Nd4jBuffer over(INDArray array) {
        return new Nd4jBuffer(array, 0, array.length(), Ownership.BORROWED);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Nd4jBuffer slice(long sliceOffset, long sliceLength) {
        Objects.checkFromIndexSize(sliceOffset, sliceLength, length);
        return new Nd4jBuffer(memory, offset + sliceOffset, sliceLength, Ownership.BORROWED);
    }

    @Override
    public void close() {
        if (ownership == Ownership.OWNED) {
            memory.close();
        }
    }

    @Override
    public FloatPointer pointer() {
        // What was computed before must be there.
        Nd4j.getExecutioner().commit();
        return new At(memory.data().platformAddress()).getPointer(offset);
    }

    @Override
    public Memory memory() {
        return Nd4j.getEnvironment().isCPU() ? Memory.HOST : Memory.GPU;
    }

    /** A place on ND4J's device. */
    private static final class At extends FloatPointer {
        At(long place) {
            super((Pointer) null);
            address = place;
        }
    }

    /** All numbers, as a vector. */
    static INDArray vector(Buffer buffer) {
        return vector(buffer, 0, buffer.length());
    }

    /** Some of the numbers, as a vector. */
    static INDArray vector(Buffer buffer, long from, long count) {
        return view(buffer, from, new long[] {count}, new long[] {1});
    }

    /** A matrix, with its stride. */
    static INDArray matrix(Matrix matrix) {
        return matrix(matrix, 0, matrix.rows());
    }

    /** Some rows of a matrix, with its stride. */
    static INDArray matrix(Matrix matrix, int from, int count) {
        long stride = matrix.stride();
        return view(matrix.buffer(), from * stride, new long[] {count, matrix.columns()}, new long[] {stride, 1});
    }

    /** An array over the buffer's memory: element (i, j, ...) is number {@code from + i * strides[0] + ...}. */
    static INDArray view(Buffer buffer, long from, long[] shape, long[] strides) {
        Nd4jBuffer own = (Nd4jBuffer) buffer;
        return Nd4j.create(own.memory.data(), shape, strides, own.offset + from, 'c');
    }

    /** Where a matrix lies in the host's memory; of use on the CPU only. */
    static Sgemm.Place place(Matrix matrix) {
        Nd4jBuffer own = (Nd4jBuffer) matrix.buffer();
        FloatPointer start = new FloatPointer(own.memory.data().addressPointer()).getPointer(own.offset);
        return new Sgemm.Place(start, matrix.stride());
    }

    static void requireLength(Buffer buffer, long length) {
        if (buffer.length() != length) {
            throw new IllegalArgumentException(
                    "a buffer of %d numbers meets one of %d".formatted(buffer.length(), length));
        }
    }
}

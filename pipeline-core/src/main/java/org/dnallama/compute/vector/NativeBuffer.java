package org.dnallama.compute.vector;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Objects;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.compute.Addressable;

/** float32 numbers outside the Java heap, where BLAS can read them without a copy. */
final class NativeBuffer implements Addressable {

    /** One of these many numbers starts a new window, so a row of as many always lies within one. */
    private static final long WINDOW = 1L << 28;

    /** Bytes of a cache line: a vector that lies across two costs two accesses. */
    private static final long CACHE_LINE = 64;

    private final Memory memory;
    private final long offset;
    private final long length;

    private NativeBuffer(Memory memory, long offset, long length) {
        this.memory = memory;
        this.offset = offset;
        this.length = length;
    }

    static NativeBuffer zeros(long length) {
        return new NativeBuffer(Memory.zeros(length), 0, length);
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public NativeBuffer slice(long sliceOffset, long sliceLength) {
        Objects.checkFromIndexSize(sliceOffset, sliceLength, length);
        return new NativeBuffer(memory, offset + sliceOffset, sliceLength);
    }

    @Override
    public void close() {
        if (offset == 0 && length == memory.length) {
            memory.allocation.close();
        }
    }

    @Override
    public Addressable.Memory memory() {
        return Addressable.Memory.HOST;
    }

    @Override
    public FloatPointer pointer() {
        return pointer(0);
    }

    /** A native pointer to number {@code at}. */
    FloatPointer pointer(long at) {
        return memory.pointer.getPointer(offset + at);
    }

    /** The numbers from {@code at} on, for the row kernels. */
    Row row(long at) {
        long start = offset + at;
        return new Row(memory.windows[(int) (start / WINDOW)], (int) (start % WINDOW));
    }

    /** Memory from an aligned place in an allocation on, with Java views of at most 2 GiB that overlap by half. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Memory(FloatPointer allocation, FloatPointer pointer, ByteBuffer[] windows, long length) {

        static Memory zeros(long length) {
            FloatPointer allocation = new FloatPointer(length + CACHE_LINE / Float.BYTES);
            long past = allocation.address() % CACHE_LINE;
            FloatPointer pointer = allocation.getPointer((CACHE_LINE - past) % CACHE_LINE / Float.BYTES);
            Pointer.memset(pointer, 0, length * Float.BYTES);
            ByteBuffer[] windows = new ByteBuffer[(int) (length / WINDOW) + 1];
            for (int w = 0; w < windows.length; w++) {
                long numbers = Math.min(length - w * WINDOW, 2 * WINDOW - 16);
                windows[w] = pointer.getPointer(w * WINDOW)
                        .capacity(numbers)
                        .asByteBuffer()
                        .order(ByteOrder.nativeOrder());
            }
            return new Memory(allocation, pointer, windows, length);
        }
    }
}

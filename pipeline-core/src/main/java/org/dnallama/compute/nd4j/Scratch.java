package org.dnallama.compute.nd4j;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Memory for what a kernel computes on its way, one for each thread. Arrays hold whatever the last kernel left there.
 * Memory that one kernel needed is kept for the next, so that training allocates nothing after its first step.
 */
final class Scratch {

    private final Slab floats = new Slab(DataType.FLOAT);
    private final Slab doubles = new Slab(DataType.DOUBLE);
    private final List<INDArray> uploads = new ArrayList<>();
    private INDArray ones = Nd4j.ones(DataType.FLOAT, 1);

    /** A use of the memory by one kernel; closing it ends all arrays that the kernel took. */
    Use use() {
        return new Use();
    }

    /** What a kernel takes. */
    final class Use implements AutoCloseable {

        private Use() {}

        /** float32, not cleared. */
        INDArray floats(long... shape) {
            return floats.take(shape);
        }

        /** float64, not cleared. */
        INDArray doubles(long... shape) {
            return doubles.take(shape);
        }

        /** A vector of ones, not to be written to. */
        INDArray ones(long length) {
            if (ones.length() < length) {
                ones.close();
                try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                    ones = Nd4j.ones(DataType.FLOAT, length);
                }
            }
            return Nd4j.create(ones.data(), new long[] {length}, new long[] {1}, 0, 'c');
        }

        /** Host values in the device's memory. */
        INDArray upload(int... values) {
            return kept(Nd4j.createFromArray(values));
        }

        /** Host values in the device's memory. */
        INDArray upload(long... values) {
            return kept(Nd4j.createFromArray(values));
        }

        /** Host values in the device's memory. */
        INDArray upload(float... values) {
            return kept(Nd4j.createFromArray(values));
        }

        private INDArray kept(INDArray upload) {
            uploads.add(upload);
            return upload;
        }

        @Override
        public void close() {
            // Another thread may read the results, and a GPU queues the work of each thread on its own.
            Nd4j.getExecutioner().commit();
            uploads.forEach(INDArray::close);
            uploads.clear();
            floats.reset();
            doubles.reset();
        }
    }

    /** Memory of one type, handed out from the front. */
    private static final class Slab {

        /** Numbers between the starts of two arrays are a multiple of this: a line of 64 bytes. */
        private static final long ALIGNMENT = 16;

        private final DataType type;
        private final List<INDArray> overflow = new ArrayList<>();
        private INDArray memory;
        private long used;

        Slab(DataType type) {
            this.type = type;
            this.memory = allocate(ALIGNMENT);
        }

        INDArray take(long... shape) {
            long[] strides = new long[shape.length];
            long length = 1;
            for (int i = shape.length - 1; i >= 0; i--) {
                strides[i] = length;
                length *= shape[i];
            }
            long start = used;
            used += (length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
            if (used <= memory.length()) {
                return Nd4j.create(memory.data(), shape, strides, start, 'c');
            }
            INDArray extra = allocate(length);
            overflow.add(extra);
            return Nd4j.create(extra.data(), shape, strides, 0, 'c');
        }

        void reset() {
            if (!overflow.isEmpty()) {
                overflow.forEach(INDArray::close);
                overflow.clear();
                memory.close();
                memory = allocate(used);
            }
            used = 0;
        }

        private INDArray allocate(long length) {
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                return Nd4j.createUninitialized(type, length);
            }
        }
    }
}

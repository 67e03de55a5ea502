package org.dnallama.plan;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;

/**
 * A backend with neither memory nor arithmetic: it counts the bytes that a real one would hold, by what they are for,
 * and the operations of the matrix products. So a model of any size can be rehearsed on any machine, by the very code
 * that trains it.
 */
final class CountingBackend implements Backend, CountingModelKernels, IdleOptimizerKernels {

    private final Map<Use, Long> bytes = new EnumMap<>(Use.class);
    private final Map<Use, Long> peaks = new EnumMap<>(Use.class);
    private Use use = Use.WEIGHTS;
    private long operations;

    /** Runs what allocates memory for one use; it may do so in several threads. */
    <T> T allocating(Use purpose, Supplier<T> body) {
        begin(purpose);
        return body.get();
    }

    private synchronized void begin(Use purpose) {
        use = purpose;
    }

    /** Bytes held now. */
    synchronized long bytes(Use of) {
        return bytes.getOrDefault(of, 0L);
    }

    /** Most bytes of all uses that were held while memory was allocated for this one. */
    synchronized long peakBytes(Use of) {
        return peaks.getOrDefault(of, 0L);
    }

    /** Additions and multiplications so far, of matrix products and attention. */
    synchronized long operations() {
        return operations;
    }

    @Override
    public synchronized void count(long more) {
        operations += more;
    }

    @Override
    public Buffer allocate(long length) {
        return new Counted(length, hold(length * Float.BYTES));
    }

    private synchronized Use hold(long more) {
        bytes.merge(use, more, Long::sum);
        long all = bytes.values().stream().mapToLong(Long::longValue).sum();
        peaks.merge(use, all, Math::max);
        return use;
    }

    private synchronized void release(Use of, long less) {
        bytes.merge(of, -less, Long::sum);
    }

    @Override
    public void write(Buffer target, float[] source) {}

    @Override
    public void read(Buffer source, float[] target) {}

    /** An allocation. */
    private final class Counted implements Buffer {
        private final long length;
        private final Use heldFor;

        Counted(long length, Use heldFor) {
            this.length = length;
            this.heldFor = heldFor;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public Buffer slice(long offset, long sliceLength) {
            return new Slice(offset, sliceLength, length);
        }

        @Override
        public void close() {
            release(heldFor, length * Float.BYTES);
        }
    }

    /** A part of an allocation. */
    private record Slice(long length) implements Buffer {

        Slice(long offset, long length, long whole) {
            this(length);
            Objects.checkFromIndexSize(offset, length, whole);
        }

        @Override
        public Buffer slice(long offset, long sliceLength) {
            return new Slice(offset, sliceLength, length);
        }

        @Override
        public void close() {}
    }
}

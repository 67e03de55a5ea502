package org.dnallama.compute;

import static org.dnallama.compute.ReferenceBuffer.of;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The naive twin of every fast backend: float64, one loop per index of the formula, no blocking, no threads. Slow and
 * obviously right; finite differences need its precision.
 */
public final class ReferenceBackend implements Backend, ReferenceModelKernels, ReferenceOptimizerKernels {

    private final AtomicLong allocated = new AtomicLong();

    /**
     * What was asked for so far, freed or not.
     *
     * @return numbers
     */
    public long allocatedNumbers() {
        return allocated.get();
    }

    @Override
    public Buffer allocate(long length) {
        allocated.addAndGet(length);
        return new ReferenceBuffer(new double[Math.toIntExact(length)], 0, Math.toIntExact(length));
    }

    /**
     * Allocates and fills.
     *
     * @param values the numbers
     * @return a buffer that holds a copy of them
     */
    public Buffer allocate(double... values) {
        return new ReferenceBuffer(values.clone(), 0, values.length);
    }

    @Override
    public void write(Buffer target, float[] source) {
        double[] values = new double[source.length];
        Arrays.setAll(values, i -> source[i]);
        set(target, values);
    }

    @Override
    public void read(Buffer source, float[] target) {
        double[] values = values(source);
        if (values.length != target.length) {
            throw new IllegalArgumentException("%d numbers into %d".formatted(values.length, target.length));
        }
        for (int i = 0; i < target.length; i++) {
            target[i] = (float) values[i];
        }
    }

    /**
     * Copies all numbers out, in full precision.
     *
     * @param buffer of this backend
     * @return a copy
     */
    public static double[] values(Buffer buffer) {
        ReferenceBuffer source = of(buffer);
        return Arrays.copyOfRange(source.numbers(), source.offset(), source.offset() + source.size());
    }

    /**
     * Overwrites all numbers, in full precision.
     *
     * @param buffer of this backend
     * @param values as many as it holds
     */
    public static void set(Buffer buffer, double... values) {
        ReferenceBuffer target = of(buffer);
        if (values.length != target.size()) {
            throw new IllegalArgumentException("%d numbers into %d".formatted(values.length, target.size()));
        }
        System.arraycopy(values, 0, target.numbers(), target.offset(), values.length);
    }

    /**
     * Reads one number.
     *
     * @param buffer of this backend
     * @param index its place
     * @return the number
     */
    public static double get(Buffer buffer, long index) {
        return of(buffer).at(index);
    }

    /**
     * Overwrites one number.
     *
     * @param buffer of this backend
     * @param index its place
     * @param value the new value
     */
    public static void put(Buffer buffer, long index, double value) {
        of(buffer).set(index, value);
    }
}

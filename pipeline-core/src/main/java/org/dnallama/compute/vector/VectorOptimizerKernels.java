package org.dnallama.compute.vector;

import static org.dnallama.compute.vector.VectorBackend.requireLength;
import static org.dnallama.compute.vector.VectorBackend.row;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Blend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.OptimizerKernels;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;

/** The optimizers' kernels on rows, in one pass over memory each. */
interface VectorOptimizerKernels extends OptimizerKernels {

    /** Numbers that a row kernel of an optimizer takes at once. */
    int CHUNK = 1 << 24;

    /** Numbers of a blend at once: few enough to stay in the first cache, and that float32 can sum them well. */
    int PIECE = 2048;

    /** Arithmetic on rows. */
    RowKernels rows();

    /** The calling thread's memory for a piece of a blend. */
    Row mixing();

    /** See {@link org.dnallama.compute.Backend#write}. */
    void write(Buffer target, float[] source);

    @Override
    default void fill(Buffer x, double value) {
        if (value == 0) {
            Pointer.memset(((NativeBuffer) x).pointer(0), 0, x.length() * Float.BYTES);
            return;
        }
        chunks(x.length(), (n, at) -> {
            float[] values = new float[n];
            Arrays.fill(values, (float) value);
            write(x.slice(at, n), values);
        });
    }

    @Override
    default void copy(Buffer y, Buffer x) {
        requireLength(y, x.length());
        Pointer.memcpy(((NativeBuffer) y).pointer(0), ((NativeBuffer) x).pointer(0), x.length() * Float.BYTES);
    }

    @Override
    default void scale(Buffer x, double factor) {
        chunks(x.length(), (n, at) -> rows().scale(row(x, at), (float) factor, n));
    }

    @Override
    default void addScaled(Buffer y, double factor, Buffer x) {
        requireLength(y, x.length());
        chunks(x.length(), (n, at) -> rows().addScaled(row(y, at), (float) factor, row(x, at), n));
    }

    @Override
    default double sumOfSquares(Buffer x) {
        // Eight sums, because one would wait for itself at every number.
        double[] sums = new double[8];
        chunks(x.length(), (n, at) -> {
            Row values = row(x, at);
            int bound = n - n % sums.length;
            for (int i = 0; i < bound; i += sums.length) {
                for (int lane = 0; lane < sums.length; lane++) {
                    double value = values.get(i + lane);
                    sums[lane] += value * value;
                }
            }
            for (int i = bound; i < n; i++) {
                double value = values.get(i);
                sums[0] += value * value;
            }
        });
        return Arrays.stream(sums).reduce(0, Double::sum);
    }

    @Override
    default double squaredDistance(Buffer a, Buffer b) {
        double[] sum = {0};
        pieces(a.length(), (n, at) -> sum[0] += rows().squaredDistance(row(a, at), row(b, at), n));
        return sum[0];
    }

    @Override
    default void move(Buffer y, Buffer x, double factor, Blend direction) {
        requireLength(y, x.length());
        pieces(y.length(), (n, at) -> {
            if (y != x) {
                copy(y.slice(at, n), x.slice(at, n));
            }
            rows().addScaled(row(y, at), (float) factor, blended(direction, at, n), n);
        });
    }

    @Override
    default void adam(Buffer theta, Buffer start, Buffer m, Buffer v, Blend g, AdamStep step) {
        pieces(theta.length(), (n, at) -> {
            Row gradient = blended(g, at, n);
            rows().adam(row(theta, at), row(start, at), row(m, at), row(v, at), gradient, step, n);
        });
    }

    @Override
    default void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step) {
        chunks(den.length(), (n, at) -> rows().adamDenominator(row(den, at), row(v, at), row(g, at), step, n));
    }

    @Override
    default void placeStage(Buffer theta, Buffer start, Buffer m, Blend g, Buffer den, double fraction, AdamStep step) {
        double distance = fraction * step.learningRate() / step.correction1();
        pieces(theta.length(), (n, at) -> {
            Row gradient = blended(g, at, n);
            RowKernels.Stage stage = new RowKernels.Stage(row(theta, at), row(start, at), row(m, at), gradient);
            rows().placeStage(stage, row(den, at), distance, step, n);
        });
    }

    @Override
    default StageDifferences stageDifferences(Buffer g1, Buffer g2, Buffer g3, @Nullable Buffer den) {
        StageDifferences[] sums = {StageDifferences.NONE};
        pieces(g1.length(), (n, at) -> {
            Row weights = den == null ? null : row(den, at);
            sums[0] = sums[0].plus(rows().stageDifferences(row(g1, at), row(g2, at), row(g3, at), weights, n));
        });
        return sums[0];
    }

    /** A piece of a blend: of one vector the vector itself, else in memory that stays in the cache. */
    private Row blended(Blend blend, long at, int n) {
        Row base = row(blend.base(), at);
        if (blend.terms().isEmpty()) {
            return base;
        }
        Row sum = mixing();
        Row sofar = base;
        for (Blend.Term term : blend.terms()) {
            rows().addDifference(sum, sofar, (float) term.weight(), row(term.vector(), at), base, n);
            sofar = sum;
        }
        return sum;
    }

    /** Work on some of a vector's numbers. */
    interface Chunk {
        /**
         * Computes some numbers.
         *
         * @param numbers how many
         * @param offset the first
         */
        void run(int numbers, long offset);
    }

    private static void chunks(long length, Chunk body) {
        parts(length, CHUNK, body);
    }

    private static void pieces(long length, Chunk body) {
        parts(length, PIECE, body);
    }

    private static void parts(long length, int most, Chunk body) {
        for (long at = 0; at < length; at += most) {
            body.run((int) Math.min(most, length - at), at);
        }
    }

    /** Memory for a piece. */
    static Row piece() {
        return new Row(ByteBuffer.allocateDirect(PIECE * Float.BYTES).order(ByteOrder.nativeOrder()), 0);
    }
}

package org.dnallama.compute.vector;

import static org.dnallama.compute.blas.Sgemm.Op.PLAIN;
import static org.dnallama.compute.blas.Sgemm.Op.TRANSPOSED;

import java.util.Objects;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Dropout;
import org.dnallama.compute.Into;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.Rotation;
import org.slf4j.LoggerFactory;

/** float32 on the CPU: Vector API rows and oneDNN products on off-heap memory, the same bits on every run. */
public final class VectorBackend implements Backend, VectorOptimizerKernels {

    private final RowKernels rows;
    private final ThreadLocal<Row> mixing = ThreadLocal.withInitial(VectorOptimizerKernels::piece);
    private final Segments segments;
    private final ThreadLocal<Attention> attention;
    private final ThreadLocal<CachedAttention> cachedAttention;

    /** Uses the Vector API when the JVM has it, else plain Java after a warning. */
    public VectorBackend() {
        this(hasVectorApi());
    }

    private VectorBackend(boolean vectors) {
        this(vectors ? new VectorRows() : new ScalarRows(), vectors ? new VectorTiles() : new ScalarTiles());
    }

    private VectorBackend(RowKernels rows, TileKernels tiles) {
        this.rows = rows;
        this.segments = new Segments(rows);
        this.attention = ThreadLocal.withInitial(() -> new Attention(rows, tiles));
        this.cachedAttention = ThreadLocal.withInitial(() -> new CachedAttention(rows));
    }

    /**
     * The same backend in plain Java.
     *
     * @return a backend that needs no incubator module
     */
    public static VectorBackend scalar() {
        return new VectorBackend(false);
    }

    private static boolean hasVectorApi() {
        boolean present = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        if (!present) {
            LoggerFactory.getLogger(VectorBackend.class)
                    .warn(
                            "The Vector API is not loaded, so kernels run several times slower; start Java with"
                                    + " --add-modules jdk.incubator.vector (on executors too, by spark.executor.extraJavaOptions)");
        }
        return present;
    }

    @Override
    public Buffer allocate(long length) {
        return NativeBuffer.zeros(length);
    }

    @Override
    public void write(Buffer target, float[] source) {
        requireLength(target, source.length);
        ((NativeBuffer) target).pointer(0).put(source);
    }

    @Override
    public void read(Buffer source, float[] target) {
        requireLength(source, target.length);
        ((NativeBuffer) source).pointer(0).get(target);
    }

    @Override
    public void linear(Matrix y, Matrix x, Matrix w, Into into) {
        View.of(y).setProduct(PLAIN, View.of(x), TRANSPOSED, View.of(w), beta(into));
    }

    @Override
    public void linearInputGradient(Matrix dx, Matrix dy, Matrix w, Into into) {
        View.of(dx).setProduct(PLAIN, View.of(dy), PLAIN, View.of(w), beta(into));
    }

    @Override
    public void linearWeightGradient(Matrix dw, Matrix dy, Matrix x) {
        View.of(dw).setProduct(TRANSPOSED, View.of(dy), PLAIN, View.of(x), 1f);
    }

    private static float beta(Into into) {
        return into == Into.ADD ? 1f : 0f;
    }

    @Override
    public void rmsNorm(Matrix y, Buffer inverseRms, Matrix x, Buffer gain, double eps) {
        int dim = x.columns();
        Row scales = row(inverseRms);
        Row gains = row(gain);
        for (int r = 0; r < x.rows(); r++) {
            Row in = row(x, r);
            float scale = (float) (1 / Math.sqrt(rows.dot(in, in, dim) / (double) dim + eps));
            scales.put(r, scale);
            rows.scaledProduct(row(y, r), scale, in, gains, dim);
        }
    }

    @Override
    public void rmsNormBackward(
            Matrix dx, Into into, Buffer dGain, Matrix dy, Matrix x, Buffer gain, Buffer inverseRms) {
        int dim = x.columns();
        Row scales = row(inverseRms);
        Row gains = row(gain);
        Row dGains = row(dGain);
        for (int r = 0; r < x.rows(); r++) {
            Row in = row(x, r);
            Row d = row(dy, r);
            float scale = scales.get(r);
            float shared = rows.tripleDot(d, in, gains, dim) * scale * scale * scale / dim;
            rows.rmsNormBackward(new RowKernels.Norm(row(dx, r), dGains, d, in, gains), into, scale, shared, dim);
        }
    }

    @Override
    public void rope(Matrix x, int headDim, Matrix table, int[] positions, Rotation direction) {
        int half = headDim / 2;
        float sign = direction == Rotation.FORWARD ? 1f : -1f;
        for (int r = 0; r < x.rows(); r++) {
            Row cos = row(table, positions[r]);
            Row sin = cos.plus(half);
            Row heads = row(x, r);
            for (int h = 0; h < x.columns(); h += headDim) {
                rows.rotate(heads.plus(h), heads.plus(h + half), cos, sin, sign, half);
            }
        }
    }

    @Override
    public void attention(Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape) {
        int width = shape.headDim();
        attention
                .get()
                .forward(View.ofParts(out, width), (NativeBuffer) logSumExp, View.ofParts(qkv, width), ranges, shape);
    }

    @Override
    public void attentionBackward(
            Matrix dQkv,
            Matrix dOut,
            Matrix out,
            Buffer logSumExp,
            Matrix qkv,
            KeyRanges ranges,
            AttentionShape shape) {
        int width = shape.headDim();
        attention
                .get()
                .backward(
                        new Attention.Gradients(View.ofParts(dOut, width), View.ofParts(dQkv, width)),
                        View.ofParts(out, width),
                        (NativeBuffer) logSumExp,
                        View.ofParts(qkv, width),
                        ranges,
                        shape);
    }

    @Override
    public void cachedAttention(Matrix out, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape) {
        int width = shape.headDim();
        cachedAttention
                .get()
                .forward(
                        View.ofParts(out, width),
                        View.ofParts(queries, width),
                        View.ofParts(keysValues, width),
                        ranges,
                        shape);
    }

    @Override
    public void swiGlu(Matrix y, Matrix gateUp) {
        int hidden = y.columns();
        for (int r = 0; r < y.rows(); r++) {
            Row gate = row(gateUp, r);
            rows.swiGlu(row(y, r), gate, gate.plus(hidden), hidden);
        }
    }

    @Override
    public void swiGluBackward(Matrix dGateUp, Matrix dy, Matrix gateUp) {
        int hidden = dy.columns();
        for (int r = 0; r < dy.rows(); r++) {
            Row gate = row(gateUp, r);
            Row dGate = row(dGateUp, r);
            rows.swiGluBackward(dGate, dGate.plus(hidden), row(dy, r), gate, gate.plus(hidden), hidden);
        }
    }

    @Override
    public void embedding(Matrix y, Into into, Matrix table, int[] ids) {
        for (int r = 0; r < ids.length; r++) {
            if (into == Into.ADD) {
                rows.addScaled(row(y, r), 1f, row(table, ids[r]), y.columns());
            } else {
                Pointer.memcpy(pointer(y, r), pointer(table, ids[r]), (long) y.columns() * Float.BYTES);
            }
        }
    }

    @Override
    public void embeddingBackward(Matrix dTable, Matrix dy, int[] ids) {
        for (int r = 0; r < ids.length; r++) {
            rows.addScaled(row(dTable, ids[r]), 1f, row(dy, r), dy.columns());
        }
    }

    @Override
    public double crossEntropy(Matrix logits, int[] targets, double scale) {
        int classes = logits.columns();
        double loss = 0;
        for (int r = 0; r < targets.length; r++) {
            Row row = row(logits, r);
            int target = targets[r];
            if (target < 0) {
                zeroed(row, classes);
                continue;
            }
            Objects.checkIndex(target, classes);
            float atTarget = row.get(target);
            float max = rows.max(row, classes);
            float sum = rows.expShifted(row, max, classes);
            loss += Logarithm.of(sum) + max - atTarget;
            rows.scale(row, (float) (scale / sum), classes);
            row.put(target, (float) (row.get(target) - scale));
        }
        return loss;
    }

    @Override
    public void dropout(Buffer x, double rate, long key) {
        Row numbers = row(x);
        float kept = (float) (1 / (1 - rate));
        for (int i = 0; i < x.length(); i++) {
            numbers.put(i, Dropout.keeps(key, i, rate) ? numbers.get(i) * kept : 0f);
        }
    }

    @Override
    public void segmentMean(Matrix y, Matrix x, int[] first, int[] end) {
        segments.mean(y, x, first, end);
    }

    @Override
    public void segmentMeanBackward(Matrix dx, Matrix dy, int[] first, int[] end) {
        segments.meanBackward(dx, dy, first, end);
    }

    @Override
    public void segmentWeighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end) {
        segments.weighted(y, x, w, first, end);
    }

    @Override
    public void segmentWeightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end) {
        segments.weightedBackward(dx, dw, dy, x, w, first, end);
    }

    @Override
    public RowKernels rows() {
        return rows;
    }

    @Override
    public Row mixing() {
        return mixing.get();
    }

    private static Row row(Buffer buffer) {
        return ((NativeBuffer) buffer).row(0);
    }

    static Row row(Buffer buffer, long offset) {
        return ((NativeBuffer) buffer).row(offset);
    }

    static Row row(Matrix matrix, int r) {
        return ((NativeBuffer) matrix.buffer()).row((long) r * matrix.stride());
    }

    private static Pointer pointer(Matrix matrix, int r) {
        return ((NativeBuffer) matrix.buffer()).pointer((long) r * matrix.stride());
    }

    static Row zeroed(Row row, int n) {
        for (int i = 0; i < n; i++) {
            row.put(i, 0f);
        }
        return row;
    }

    static void requireLength(Buffer buffer, long length) {
        if (buffer.length() != length) {
            throw new IllegalArgumentException(
                    "a buffer of %d numbers meets one of %d".formatted(buffer.length(), length));
        }
    }
}

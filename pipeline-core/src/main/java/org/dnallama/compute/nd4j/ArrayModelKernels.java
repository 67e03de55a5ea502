package org.dnallama.compute.nd4j;

import static org.dnallama.compute.nd4j.Ops.plain;
import static org.dnallama.compute.nd4j.Ops.transposed;

import java.util.Arrays;
import java.util.Objects;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Dropout;
import org.dnallama.compute.Into;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.ModelKernels;
import org.dnallama.compute.Rotation;
import org.dnallama.compute.blas.Sgemm.Op;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The model's kernels as whole-array operations. */
interface ArrayModelKernels extends ModelKernels, ArrayKernels {

    @Override
    default void linear(Matrix y, Matrix x, Matrix w, Into into) {
        multiply(y, Op.PLAIN, x, Op.TRANSPOSED, w, into);
    }

    @Override
    default void linearInputGradient(Matrix dx, Matrix dy, Matrix w, Into into) {
        multiply(dx, Op.PLAIN, dy, Op.PLAIN, w, into);
    }

    @Override
    default void linearWeightGradient(Matrix dw, Matrix dy, Matrix x) {
        multiply(dw, Op.TRANSPOSED, dy, Op.PLAIN, x, Into.ADD);
    }

    private void multiply(Matrix c, Op opA, Matrix a, Op opB, Matrix b, Into into) {
        try (Scratch.Use use = scratch().use()) {
            device().products().multiply(c, opA, a, opB, b, into);
        }
    }

    @Override
    default void rmsNorm(Matrix y, Buffer inverseRms, Matrix x, Buffer gain, double eps) {
        int dim = x.columns();
        INDArray gains = Nd4jBuffer.vector(gain);
        forEachRows(x.rows(), dim, (use, from, count) -> {
            INDArray in = Nd4jBuffer.matrix(x, from, count);
            INDArray target = Nd4jBuffer.matrix(y, from, count);
            INDArray scales = Nd4jBuffer.vector(inverseRms, from, count);
            INDArray squares = use.floats(count, dim);
            Ops.multiply(in, in, squares);
            Ops.matrixVector(1.0 / dim, squares, use.ones(dim), 0, scales);
            scales.addi(eps);
            Ops.inverseSqrt(scales);
            Ops.multiply(in, Ops.column(scales), target);
            Ops.multiplyRows(target, gains);
        });
    }

    @Override
    default void rmsNormBackward(
            Matrix dx, Into into, Buffer dGain, Matrix dy, Matrix x, Buffer gain, Buffer inverseRms) {
        int dim = x.columns();
        INDArray gains = Nd4jBuffer.vector(gain);
        INDArray dGains = Nd4jBuffer.vector(dGain);
        forEachRows(x.rows(), dim, (use, from, count) -> {
            INDArray d = Nd4jBuffer.matrix(dy, from, count);
            INDArray scales = Ops.column(Nd4jBuffer.vector(inverseRms, from, count));
            INDArray target = Nd4jBuffer.matrix(dx, from, count);
            INDArray normed = use.floats(count, dim);
            INDArray product = use.floats(count, dim);
            INDArray shared = use.floats(count);
            Ops.multiply(Nd4jBuffer.matrix(x, from, count), scales, normed);
            Ops.multiply(d, normed, product);
            Ops.matrixVector(1, product.transpose(), use.ones(count), 1, dGains);
            Ops.matrixVector(1.0 / dim, product, gains, 0, shared);
            normed.muliColumnVector(Ops.column(shared));
            Ops.multiply(d, Ops.row(gains), product);
            product.subi(normed);
            if (into == Into.SET) {
                Ops.multiply(product, scales, target);
            } else {
                product.muliColumnVector(scales);
                target.addi(product);
            }
        });
    }

    @Override
    default void rope(Matrix x, int headDim, Matrix table, int[] positions, Rotation direction) {
        int heads = x.columns() / headDim;
        int half = headDim / 2;
        // Heads lie before tokens, so that every head is multiplied with the same long row of cosines.
        forEachRows(x.rows(), x.columns(), (use, from, count) -> {
            INDArray rows = use.upload(Arrays.copyOfRange(positions, from, from + count));
            INDArray angles = use.floats(count, headDim);
            INDArray cos = use.floats(count, half);
            INDArray sin = use.floats(count, half);
            Ops.gather(Nd4jBuffer.matrix(table), rows, angles);
            Ops.split(angles, cos, sin);
            if (direction == Rotation.INVERSE) {
                sin.negi();
            }
            INDArray cosRow = Ops.row(cos);
            INDArray sinRow = Ops.row(sin);
            long at = (long) from * x.stride();
            long[] shape = {heads, count, half};
            long[] strides = {headDim, x.stride(), 1};
            INDArray first = Nd4jBuffer.view(x.buffer(), at, shape, strides);
            INDArray second = Nd4jBuffer.view(x.buffer(), at + half, shape, strides);
            INDArray a = use.floats(shape);
            INDArray b = use.floats(shape);
            INDArray turned = use.floats(shape);
            INDArray part = use.floats(shape);
            a.assign(first);
            b.assign(second);
            Ops.multiply(byHead(a), cosRow, byHead(turned));
            Ops.multiply(byHead(b), sinRow, byHead(part));
            turned.subi(part);
            first.assign(turned);
            Ops.multiply(byHead(b), cosRow, byHead(turned));
            Ops.multiply(byHead(a), sinRow, byHead(part));
            turned.addi(part);
            second.assign(turned);
        });
    }

    private static INDArray byHead(INDArray array) {
        return array.reshape('c', new long[] {array.size(0), array.size(1) * array.size(2)});
    }

    @Override
    default void attention(Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape) {
        new Attention(this, qkv, ranges, shape).forward(out, logSumExp);
    }

    @Override
    default void attentionBackward(
            Matrix dQkv,
            Matrix dOut,
            Matrix out,
            Buffer logSumExp,
            Matrix qkv,
            KeyRanges ranges,
            AttentionShape shape) {
        new Attention(this, qkv, ranges, shape).backward(dQkv, dOut, out, logSumExp);
    }

    @Override
    default void cachedAttention(
            Matrix out, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape) {
        new Attention(this, queries, keysValues, ranges, shape).forward(out);
    }

    @Override
    default void swiGlu(Matrix y, Matrix gateUp) {
        int hidden = y.columns();
        forEachRows(y.rows(), hidden, (use, from, count) -> {
            INDArray gate = use.floats(count, hidden);
            INDArray up = use.floats(count, hidden);
            Ops.split(Nd4jBuffer.matrix(gateUp, from, count), gate, up);
            Ops.silu(gate);
            Ops.multiply(gate, up, Nd4jBuffer.matrix(y, from, count));
        });
    }

    @Override
    default void swiGluBackward(Matrix dGateUp, Matrix dy, Matrix gateUp) {
        int hidden = dy.columns();
        forEachRows(dy.rows(), hidden, (use, from, count) -> {
            INDArray gate = use.floats(count, hidden);
            INDArray up = use.floats(count, hidden);
            INDArray sigmoid = use.floats(count, hidden);
            INDArray silu = use.floats(count, hidden);
            INDArray d = Nd4jBuffer.matrix(dy, from, count);
            Ops.split(Nd4jBuffer.matrix(gateUp, from, count), gate, up);
            Ops.sigmoid(gate, sigmoid);
            Ops.multiply(gate, sigmoid, silu);
            // silu' = sigmoid (1 + gate (1 - sigmoid)) = sigmoid (1 + gate - silu)
            gate.subi(silu).addi(1).muli(sigmoid).muli(up).muli(d);
            silu.muli(d);
            Ops.join(gate, silu, Nd4jBuffer.matrix(dGateUp, from, count));
        });
    }

    @Override
    default void embedding(Matrix y, Into into, Matrix table, int[] ids) {
        try (Scratch.Use use = scratch().use()) {
            INDArray target = Nd4jBuffer.matrix(y);
            INDArray taken = into == Into.ADD ? use.floats(ids.length, y.columns()) : target;
            Ops.gather(Nd4jBuffer.matrix(table), use.upload(ids), taken);
            if (into == Into.ADD) {
                target.addi(taken);
            }
        }
    }

    @Override
    default void embeddingBackward(Matrix dTable, Matrix dy, int[] ids) {
        try (Scratch.Use use = scratch().use()) {
            Ops.scatterAdd(Nd4jBuffer.matrix(dTable), use.upload(ids), Nd4jBuffer.matrix(dy));
        }
    }

    @Override
    default double crossEntropy(Matrix logits, int[] targets, double scale) {
        int rows = targets.length;
        int classes = logits.columns();
        long[] places = new long[rows];
        float[] weights = new float[rows];
        for (int r = 0; r < rows; r++) {
            places[r] = (long) r * classes + (targets[r] < 0 ? 0 : Objects.checkIndex(targets[r], classes));
            weights[r] = targets[r] < 0 ? 0 : (float) scale;
        }
        try (Scratch.Use use = scratch().use()) {
            INDArray scores = Nd4jBuffer.matrix(logits);
            INDArray flat = Nd4jBuffer.vector(logits.buffer(), 0, (long) rows * classes);
            INDArray at = use.upload(places);
            INDArray weight = use.upload(weights);
            INDArray max = use.floats(rows);
            INDArray sum = use.floats(rows);
            INDArray target = use.floats(rows);
            Ops.gather(flat, at, target);
            Ops.rowMax(max, scores);
            scores.subiColumnVector(Ops.column(max));
            device().exponentials().exp(scores);
            Ops.matrixVector(1, scores, use.ones(classes), 0, sum);
            INDArray factor = use.floats(rows);
            factor.assign(weight);
            factor.divi(sum);
            scores.muliColumnVector(Ops.column(factor));
            weight.negi();
            Ops.scatterAdd(flat, at, weight);
            return loss(targets, Ops.download(max), Ops.download(sum), Ops.download(target));
        }
    }

    private static double loss(int[] targets, float[] max, float[] sum, float[] target) {
        double loss = 0;
        for (int r = 0; r < targets.length; r++) {
            if (targets[r] >= 0) {
                loss += StrictMath.log(sum[r]) + max[r] - target[r];
            }
        }
        return loss;
    }

    @Override
    default void dropout(Buffer x, double rate, long key) {
        float kept = (float) (1 / (1 - rate));
        int most = (int) device().vectorNumbers();
        for (long at = 0; at < x.length(); at += most) {
            float[] factors = new float[(int) Math.min(most, x.length() - at)];
            for (int i = 0; i < factors.length; i++) {
                factors[i] = Dropout.keeps(key, at + i, rate) ? kept : 0f;
            }
            try (Scratch.Use use = scratch().use()) {
                Nd4jBuffer.vector(x, at, factors.length).muli(use.upload(factors));
            }
        }
    }

    @Override
    default void segmentMean(Matrix y, Matrix x, int[] first, int[] end) {
        try (Scratch.Use use = scratch().use()) {
            Ops.matmul(
                    1, plain(shares(use, x.rows(), first, end)), plain(Nd4jBuffer.matrix(x)), 0, Nd4jBuffer.matrix(y));
        }
    }

    @Override
    default void segmentMeanBackward(Matrix dx, Matrix dy, int[] first, int[] end) {
        try (Scratch.Use use = scratch().use()) {
            Ops.matmul(
                    1,
                    transposed(shares(use, dx.rows(), first, end)),
                    plain(Nd4jBuffer.matrix(dy)),
                    1,
                    Nd4jBuffer.matrix(dx));
        }
    }

    /** Shape (segments, rows): what share each row has in each segment's mean. */
    private static INDArray shares(Scratch.Use use, int rows, int[] first, int[] end) {
        float[] shares = new float[Math.multiplyExact(first.length, rows)];
        for (int s = 0; s < first.length; s++) {
            Arrays.fill(shares, s * rows + first[s], s * rows + end[s], 1f / (end[s] - first[s]));
        }
        return use.upload(shares).reshape('c', new long[] {first.length, rows});
    }

    @Override
    default void segmentWeighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end) {
        int dim = y.columns();
        for (int s = 0; s < first.length; s++) {
            int count = end[s] - first[s];
            try (Scratch.Use use = scratch().use()) {
                INDArray products = use.floats(count, dim);
                Ops.multiply(Nd4jBuffer.matrix(x, first[s], count), Nd4jBuffer.matrix(w, 0, count), products);
                INDArray sum = Nd4jBuffer.vector(y.buffer(), (long) s * dim, dim);
                Ops.matrixVector(Math.sqrt(count), products.transpose(), use.ones(count), 0, sum);
            }
        }
    }

    @Override
    default void segmentWeightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end) {
        int dim = dy.columns();
        for (int s = 0; s < first.length; s++) {
            int count = end[s] - first[s];
            try (Scratch.Use use = scratch().use()) {
                INDArray d = use.floats(dim);
                d.assign(Nd4jBuffer.vector(dy.buffer(), (long) s * dim, dim));
                d.muli(Math.sqrt(count));
                INDArray products = use.floats(count, dim);
                Ops.multiply(Nd4jBuffer.matrix(w, 0, count), Ops.row(d), products);
                Nd4jBuffer.matrix(dx, first[s], count).addi(products);
                Ops.multiply(Nd4jBuffer.matrix(x, first[s], count), Ops.row(d), products);
                Nd4jBuffer.matrix(dw, 0, count).addi(products);
            }
        }
    }

    /** A kernel over some rows. */
    interface RowsBody {

        /**
         * Computes the rows [from, from + count).
         *
         * @param use scratch memory
         * @param from first row
         * @param count number of rows
         */
        void run(Scratch.Use use, int from, int count);
    }

    private void forEachRows(int rows, int columns, RowsBody body) {
        int most = device().rows(columns);
        for (int from = 0; from < rows; from += most) {
            try (Scratch.Use use = scratch().use()) {
                body.run(use, from, Math.min(most, rows - from));
            }
        }
    }
}

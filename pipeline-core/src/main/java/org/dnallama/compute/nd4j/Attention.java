package org.dnallama.compute.nd4j;

import static org.dnallama.compute.nd4j.Ops.plain;
import static org.dnallama.compute.nd4j.Ops.transposed;

import java.util.Arrays;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.Matrix;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Grouped-query attention in blocks: some neighbouring queries, of all heads, of some sequences whose queries see the
 * same keys. A block multiplies only the keys that some query of it sees; what some of its queries do not see is
 * masked. The query heads that share a key head lie below each other, as the rows of one product.
 */
final class Attention {

    private static final int QUERIES = 64;

    private final ArrayKernels kernels;
    private final Matrix queries;
    private final Matrix keysValues;
    private final int firstKeyHead;
    private final int keyRows;
    private final KeyRanges ranges;
    private final AttentionShape shape;

    /** Queries, keys and values stand side by side. */
    Attention(ArrayKernels kernels, Matrix qkv, KeyRanges ranges, AttentionShape shape) {
        this.kernels = kernels;
        this.queries = qkv;
        this.keysValues = qkv;
        this.firstKeyHead = shape.heads();
        this.keyRows = shape.sequenceLength();
        this.ranges = ranges;
        this.shape = shape;
    }

    /** Keys and values stand in a cache, which has as many rows for each sequence. */
    Attention(ArrayKernels kernels, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape) {
        this.kernels = kernels;
        this.queries = queries;
        this.keysValues = keysValues;
        this.firstKeyHead = 0;
        this.keyRows = keysValues.rows() / shape.batch();
        this.ranges = ranges;
        this.shape = shape;
    }

    void forward(Matrix out) {
        forEachBlock((use, block) -> attend(use, block, out));
    }

    void forward(Matrix out, Buffer logSumExp) {
        forEachBlock((use, block) -> {
            INDArray sums = block.sums(logSumExp);
            sums.assign(attend(use, block, out).reshape('c', sums.shape()));
        });
    }

    /** Overwrites the block's rows of out; the logarithms of the sums of its exponentials, in score rows' order. */
    private INDArray attend(Scratch.Use use, Block block, Matrix out) {
        INDArray q = block.scaledQueries(use);
        INDArray scores = block.maskedScores(use, q);
        INDArray rows = block.scoreRows(scores);
        INDArray max = use.floats(rows.rows());
        INDArray sum = use.floats(rows.rows());
        Ops.rowMax(max, rows);
        rows.subiColumnVector(Ops.column(max));
        kernels.device().exponentials().exp(rows);
        Ops.matrixVector(1, rows, use.ones(rows.columns()), 0, sum);
        // The queries are not needed any more; their place takes the values.
        Ops.matmul(1, plain(scores), plain(block.values(keysValues)), 0, q);
        q.reshape('c', rows.rows(), shape.headDim()).diviColumnVector(Ops.column(sum));
        block.heads(out).assign(block.byHead(q));
        return Transforms.log(sum, false).addi(max);
    }

    void backward(Matrix dQkv, Matrix dOut, Matrix out, Buffer logSumExp) {
        clear(dQkv);
        double scale = scale();
        forEachBlock((use, block) -> {
            INDArray q = block.scaledQueries(use);
            INDArray p = block.maskedScores(use, q);
            INDArray rows = block.scoreRows(p);
            INDArray sum = use.floats(rows.rows());
            sum.reshape('c', block.sums(logSumExp).shape()).assign(block.sums(logSumExp));
            rows.subiColumnVector(Ops.column(sum));
            kernels.device().exponentials().exp(rows);

            INDArray d = use.floats(q.shape());
            block.byHead(d).assign(block.heads(dOut));
            Ops.matmul(1, transposed(p), plain(d), 1, block.values(dQkv));

            INDArray dP = use.floats(p.shape());
            Ops.matmul(1, plain(d), transposed(block.values(keysValues)), 0, dP);
            INDArray product = use.floats(q.shape());
            block.byHead(product).assign(block.heads(out));
            product.muli(d);
            Ops.matrixVector(1, product.reshape('c', rows.rows(), shape.headDim()), use.ones(shape.headDim()), 0, sum);
            block.scoreRows(dP).subiColumnVector(Ops.column(sum));
            dP.muli(p);

            Ops.matmul(scale, plain(dP), plain(block.keys(keysValues)), 0, d);
            block.heads(dQkv).assign(block.byHead(d));
            Ops.matmul(1, transposed(dP), plain(q), 1, block.keys(dQkv));
        });
    }

    private double scale() {
        return 1 / Math.sqrt(shape.headDim());
    }

    private static void clear(Matrix matrix) {
        if (matrix.stride() == matrix.columns()) {
            Nd4jBuffer.vector(matrix.buffer(), 0, (long) matrix.rows() * matrix.columns())
                    .assign(0);
        } else {
            Nd4jBuffer.matrix(matrix).assign(0);
        }
    }

    /** What is done with a block. */
    private interface Body {
        void run(Scratch.Use use, Block block);
    }

    private void forEachBlock(Body body) {
        for (int sequence = 0; sequence < shape.batch(); ) {
            int alike = alike(sequence);
            for (int query = 0; query < shape.sequenceLength(); query += QUERIES) {
                int count = Math.min(QUERIES, shape.sequenceLength() - query);
                int keys = end(sequence, query + count - 1) - first(sequence, query);
                long scores = (long) shape.heads() * count * keys;
                int most = (int) Math.max(1, Math.min(alike, kernels.device().scoreNumbers() / scores));
                for (int s = 0; s < alike; s += most) {
                    try (Scratch.Use use = kernels.scratch().use()) {
                        body.run(use, new Block(sequence + s, Math.min(most, alike - s), query, count, keys));
                    }
                }
            }
            sequence += alike;
        }
    }

    /** How many sequences from this one on let their queries see the same keys. */
    private int alike(int sequence) {
        int length = shape.sequenceLength();
        int from = sequence * length;
        int next = sequence + 1;
        while (next < shape.batch()
                && sameRanges(ranges.first(), from, next * length)
                && sameRanges(ranges.end(), from, next * length)) {
            next++;
        }
        return next - sequence;
    }

    private boolean sameRanges(int[] bounds, int from, int other) {
        int length = shape.sequenceLength();
        return Arrays.equals(bounds, from, from + length, bounds, other, other + length);
    }

    private int first(int sequence, int query) {
        return ranges.first()[sequence * shape.sequenceLength() + query];
    }

    private int end(int sequence, int query) {
        return ranges.end()[sequence * shape.sequenceLength() + query];
    }

    /** Queries [query, query + count) of some sequences, and the keys that any of them sees. */
    private final class Block {
        private final int sequence;
        private final int sequences;
        private final int query;
        private final int count;
        private final int firstKey;
        private final int keys;

        Block(int sequence, int sequences, int query, int count, int keys) {
            this.sequence = sequence;
            this.sequences = sequences;
            this.query = query;
            this.count = count;
            this.firstKey = first(sequence, query);
            this.keys = keys;
        }

        /** The queries over sqrt(headDim), shape (sequences, kvHeads, queries of a group, headDim). */
        INDArray scaledQueries(Scratch.Use use) {
            int group = shape.heads() / shape.kvHeads();
            INDArray q = use.floats(sequences, shape.kvHeads(), (long) group * count, shape.headDim());
            byHead(q).assign(heads(queries));
            return q.muli(scale());
        }

        /** Shape (sequences, kvHeads, queries of a group, keys); minus infinity where a query does not see a key. */
        INDArray maskedScores(Scratch.Use use, INDArray q) {
            INDArray scores = use.floats(sequences, shape.kvHeads(), q.size(2), keys);
            Ops.matmul(1, plain(q), transposed(keys(keysValues)), 0, scores);
            float[] mask = new float[count * keys];
            boolean masks = false;
            for (int r = 0; r < count; r++) {
                int from = first(sequence, query + r) - firstKey;
                int to = end(sequence, query + r) - firstKey;
                masks |= from > 0 || to < keys;
                Arrays.fill(mask, r * keys, r * keys + from, Float.NEGATIVE_INFINITY);
                Arrays.fill(mask, r * keys + to, (r + 1) * keys, Float.NEGATIVE_INFINITY);
            }
            if (masks) {
                Ops.addRows(
                        scores.reshape('c', (long) sequences * shape.heads(), (long) count * keys), use.upload(mask));
            }
            return scores;
        }

        /** Scores as one row for each query of each head. */
        INDArray scoreRows(INDArray scores) {
            return scores.reshape('c', (long) sequences * shape.heads() * count, keys);
        }

        /** Numbers of the queries' heads as (sequences, heads, queries, headDim), for an array of this block. */
        INDArray byHead(INDArray array) {
            return array.reshape('c', sequences, shape.heads(), count, shape.headDim());
        }

        /** The first heads' columns at the block's queries, shape (sequences, heads, queries, headDim). */
        INDArray heads(Matrix matrix) {
            return view(matrix, shape.sequenceLength(), query, 0, shape.heads(), count);
        }

        /** Shape (sequences, kvHeads, keys, headDim). */
        INDArray keys(Matrix matrix) {
            return view(matrix, keyRows, firstKey, firstKeyHead, shape.kvHeads(), keys);
        }

        /** Shape (sequences, kvHeads, keys, headDim). */
        INDArray values(Matrix matrix) {
            return view(matrix, keyRows, firstKey, firstKeyHead + shape.kvHeads(), shape.kvHeads(), keys);
        }

        private INDArray view(Matrix matrix, int sequenceRows, int token, int firstHead, int heads, int tokens) {
            long stride = matrix.stride();
            long start = ((long) sequence * sequenceRows + token) * stride;
            return Nd4jBuffer.view(
                    matrix.buffer(),
                    start + (long) firstHead * shape.headDim(),
                    new long[] {sequences, heads, tokens, shape.headDim()},
                    new long[] {sequenceRows * stride, shape.headDim(), stride, 1});
        }

        /** Numbers in (token, head) order as (sequences, heads, queries). */
        INDArray sums(Buffer buffer) {
            long heads = shape.heads();
            return Nd4jBuffer.view(
                    buffer,
                    ((long) sequence * shape.sequenceLength() + query) * heads,
                    new long[] {sequences, heads, count},
                    new long[] {shape.sequenceLength() * heads, 1, heads});
        }
    }
}

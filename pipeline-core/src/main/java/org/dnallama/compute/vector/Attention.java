package org.dnallama.compute.vector;

import static org.bytedeco.openblas.global.openblas.CblasNoTrans;
import static org.bytedeco.openblas.global.openblas.CblasTrans;

import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.KeyRanges;

/**
 * Grouped-query attention in blocks of queries. A block multiplies only the keys that some query of it sees, and the
 * backward computes the probabilities again from the kept log-sum-exp, so no (length x length) matrix is ever held.
 *
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al. 2022, for the recomputation</a>
 */
final class Attention implements AutoCloseable {

    private static final int BLOCK = 64;

    private final RowKernels rows;
    private NativeBuffer scores = NativeBuffer.zeros(0);
    private NativeBuffer gradients = NativeBuffer.zeros(0);

    Attention(RowKernels rows) {
        this.rows = rows;
    }

    void forward(View out, NativeBuffer logSumExp, View qkv, KeyRanges ranges, AttentionShape shape) {
        forEachBlock(shape, ranges, block -> {
            probabilities(block, qkv, shape, Softmax.NORMALIZE, logSumExp);
            View v = block.keys(block.valueColumn(shape), qkv);
            Blas.gemm(
                    CblasNoTrans,
                    CblasNoTrans,
                    block.scores(scores),
                    v,
                    0f,
                    block.queries(block.queryColumn(shape), out));
        });
    }

    void backward(Gradients d, View out, NativeBuffer logSumExp, View qkv, KeyRanges ranges, AttentionShape shape) {
        forEachBlock(shape, ranges, block -> {
            int query = block.queryColumn(shape);
            int key = block.keyColumn(shape);
            int value = block.valueColumn(shape);
            probabilities(block, qkv, shape, Softmax.RECOMPUTE, logSumExp);
            View p = block.scores(scores);
            View dS = block.scores(gradients);
            View dO = block.queries(query, d.out());
            Blas.gemm(CblasNoTrans, CblasTrans, dO, block.keys(value, qkv), 0f, dS);
            Blas.gemm(CblasTrans, CblasNoTrans, p, dO, 1f, block.keys(value, d.qkv()));
            softmaxBackward(dS, p, dO, block.queries(query, out));
            Blas.gemm(CblasNoTrans, CblasNoTrans, dS, block.keys(key, qkv), 0f, block.queries(query, d.qkv()));
            Blas.gemm(CblasTrans, CblasNoTrans, dS, block.queries(query, qkv), 1f, block.keys(key, d.qkv()));
        });
    }

    /** Gradients of attention's output and input. */
    record Gradients(View out, View qkv) {}

    private enum Softmax {
        NORMALIZE,
        RECOMPUTE
    }

    private void probabilities(Block block, View qkv, AttentionShape shape, Softmax mode, NativeBuffer logSumExp) {
        View s = block.scores(scores);
        View q = block.queries(block.queryColumn(shape), qkv);
        View k = block.keys(block.keyColumn(shape), qkv);
        Blas.gemm(CblasNoTrans, CblasTrans, q, k, 0f, s);
        float factor = (float) (1 / Math.sqrt(shape.headDim()));
        Row sums = logSumExp.row(0);
        for (int r = 0; r < block.queryCount; r++) {
            int from = block.first(r) - block.firstKey;
            int count = block.end(r) - block.first(r);
            Row seen = s.row(r).plus(from);
            rows.scale(seen, factor, count);
            int token = block.firstToken + block.firstQuery + r;
            int at = token * shape.heads() + block.head;
            if (mode == Softmax.NORMALIZE) {
                float max = rows.max(seen, count);
                float sum = rows.expShifted(seen, max, count);
                rows.scale(seen, 1 / sum, count);
                sums.put(at, (float) (max + StrictMath.log(sum)));
            } else {
                rows.expShifted(seen, sums.get(at), count);
            }
            zero(s.row(r), 0, from);
            zero(s.row(r), from + count, s.columns());
        }
    }

    private void softmaxBackward(View dS, View p, View dO, View out) {
        float factor = (float) (1 / Math.sqrt(dO.columns()));
        for (int r = 0; r < dS.rows(); r++) {
            float mean = rows.dot(dO.row(r), out.row(r), dO.columns());
            rows.softmaxBackward(dS.row(r), p.row(r), mean, factor, dS.columns());
        }
    }

    private void forEachBlock(AttentionShape shape, KeyRanges ranges, java.util.function.Consumer<Block> body) {
        reserve((long) Math.min(BLOCK, shape.sequenceLength()) * shape.sequenceLength());
        for (int b = 0; b < shape.batch(); b++) {
            int firstToken = b * shape.sequenceLength();
            for (int head = 0; head < shape.heads(); head++) {
                for (int i = 0; i < shape.sequenceLength(); i += BLOCK) {
                    int count = Math.min(BLOCK, shape.sequenceLength() - i);
                    body.accept(new Block(ranges, firstToken, head, i, count));
                }
            }
        }
    }

    private void reserve(long numbers) {
        if (scores.length() < numbers) {
            close();
            scores = NativeBuffer.zeros(numbers);
            gradients = NativeBuffer.zeros(numbers);
        }
    }

    @Override
    public void close() {
        scores.close();
        gradients.close();
    }

    private static void zero(Row row, int from, int to) {
        for (int i = from; i < to; i++) {
            row.put(i, 0f);
        }
    }

    /** Some neighbouring queries of one head, and the keys that any of them sees. */
    private static final class Block {
        private final KeyRanges ranges;
        private final int firstToken;
        private final int head;
        private final int firstQuery;
        private final int queryCount;
        private final int firstKey;
        private final int keyCount;

        Block(KeyRanges ranges, int firstToken, int head, int firstQuery, int queryCount) {
            this.ranges = ranges;
            this.firstToken = firstToken;
            this.head = head;
            this.firstQuery = firstQuery;
            this.queryCount = queryCount;
            this.firstKey = first(0);
            this.keyCount = end(queryCount - 1) - firstKey;
        }

        int first(int r) {
            return ranges.first()[firstToken + firstQuery + r];
        }

        int end(int r) {
            return ranges.end()[firstToken + firstQuery + r];
        }

        int queryColumn(AttentionShape shape) {
            return head * shape.headDim();
        }

        int keyColumn(AttentionShape shape) {
            int group = head / (shape.heads() / shape.kvHeads());
            return (shape.heads() + group) * shape.headDim();
        }

        int valueColumn(AttentionShape shape) {
            return keyColumn(shape) + shape.kvHeads() * shape.headDim();
        }

        View queries(int column, View matrix) {
            return matrix.part(firstToken + firstQuery, queryCount, column);
        }

        View keys(int column, View matrix) {
            return matrix.part(firstToken + firstKey, keyCount, column);
        }

        View scores(NativeBuffer memory) {
            return new View(memory, 0, queryCount, keyCount, keyCount);
        }
    }
}

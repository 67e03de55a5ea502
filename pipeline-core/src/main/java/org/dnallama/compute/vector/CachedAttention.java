package org.dnallama.compute.vector;

import static org.dnallama.compute.blas.Sgemm.Op.PLAIN;
import static org.dnallama.compute.blas.Sgemm.Op.TRANSPOSED;

import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.KeyRanges;

/**
 * Attention of new tokens over kept keys and values, one token at a time: the query heads that share a key/value head
 * are the rows of one product, so that each key is read once for all of them.
 */
final class CachedAttention {

    private final RowKernels rows;
    private NativeBuffer scores = NativeBuffer.zeros(0);

    CachedAttention(RowKernels rows) {
        this.rows = rows;
    }

    void forward(View out, View queries, View keysValues, KeyRanges ranges, AttentionShape shape) {
        int capacity = keysValues.rows() / shape.batch();
        int group = shape.heads() / shape.kvHeads();
        reserve((long) group * capacity);
        for (int token = 0; token < shape.tokens(); token++) {
            int firstKey = token / shape.sequenceLength() * capacity + ranges.first()[token];
            int count = ranges.end()[token] - ranges.first()[token];
            View probabilities = new View(scores, 0, group, count, count);
            for (int kvHead = 0; kvHead < shape.kvHeads(); kvHead++) {
                View keys = keysValues.part(firstKey, count, kvHead * shape.headDim());
                View values = keysValues.part(firstKey, count, (shape.kvHeads() + kvHead) * shape.headDim());
                probabilities.setProduct(PLAIN, heads(queries, token, kvHead, group), TRANSPOSED, keys, 0f);
                softmax(probabilities, shape.headDim());
                heads(out, token, kvHead, group).setProduct(PLAIN, probabilities, PLAIN, values, 0f);
            }
        }
    }

    private void softmax(View scaled, int headDim) {
        float factor = (float) (1 / Math.sqrt(headDim));
        int count = scaled.columns();
        for (int r = 0; r < scaled.rows(); r++) {
            Row row = scaled.row(r);
            rows.scale(row, factor, count);
            float sum = rows.expShifted(row, rows.max(row, count), count);
            rows.scale(row, 1 / sum, count);
        }
    }

    /** A token's heads that read one key/value head, a row each. */
    private static View heads(View matrix, int token, int kvHead, int group) {
        int headDim = matrix.columns();
        long offset = matrix.offset() + (long) token * matrix.stride() + (long) kvHead * group * headDim;
        return new View(matrix.buffer(), offset, group, headDim, headDim);
    }

    private void reserve(long numbers) {
        if (scores.length() < numbers) {
            scores.close();
            scores = NativeBuffer.zeros(numbers);
        }
    }
}

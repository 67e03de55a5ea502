package org.dnallama.plan;

import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Into;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.ModelKernels;
import org.dnallama.compute.Rotation;

/** Counts the operations of matrix products and attention, an addition or a multiplication each, and does nothing. */
interface CountingModelKernels extends ModelKernels {

    /** Counts operations. */
    void count(long more);

    private void countProduct(int rows, int inner, int columns) {
        count(2L * rows * inner * columns);
    }

    /** Counts matrix products over all pairs of a query and a key that it sees, in every head. */
    private void countPairs(int products, KeyRanges ranges, AttentionShape shape) {
        long pairs = 0;
        for (int i = 0; i < ranges.first().length; i++) {
            pairs += ranges.end()[i] - ranges.first()[i];
        }
        count(2L * products * pairs * shape.heads() * shape.headDim());
    }

    @Override
    default void linear(Matrix y, Matrix x, Matrix w, Into into) {
        countProduct(x.rows(), x.columns(), w.rows());
    }

    @Override
    default void linearInputGradient(Matrix dx, Matrix dy, Matrix w, Into into) {
        countProduct(dy.rows(), dy.columns(), w.columns());
    }

    @Override
    default void linearWeightGradient(Matrix dw, Matrix dy, Matrix x) {
        countProduct(dy.columns(), dy.rows(), x.columns());
    }

    @Override
    default void attention(Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape) {
        // Scores, and the weighted values.
        countPairs(2, ranges, shape);
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
        // Scores again, and the gradients of probabilities, values, queries and keys.
        countPairs(5, ranges, shape);
    }

    @Override
    default void cachedAttention(
            Matrix out, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape) {
        countPairs(2, ranges, shape);
    }

    @Override
    default void rmsNorm(Matrix y, Buffer inverseRms, Matrix x, Buffer gain, double eps) {}

    @Override
    default void rmsNormBackward(
            Matrix dx, Into into, Buffer dGain, Matrix dy, Matrix x, Buffer gain, Buffer inverseRms) {}

    @Override
    default void rope(Matrix x, int headDim, Matrix table, int[] positions, Rotation direction) {}

    @Override
    default void swiGlu(Matrix y, Matrix gateUp) {}

    @Override
    default void swiGluBackward(Matrix dGateUp, Matrix dy, Matrix gateUp) {}

    @Override
    default void embedding(Matrix y, Into into, Matrix table, int[] ids) {}

    @Override
    default void embeddingBackward(Matrix dTable, Matrix dy, int[] ids) {}

    @Override
    default double crossEntropy(Matrix logits, int[] targets, double scale) {
        return 0;
    }

    @Override
    default void dropout(Buffer x, double rate, long key) {}

    @Override
    default void segmentMean(Matrix y, Matrix x, int[] first, int[] end) {}

    @Override
    default void segmentMeanBackward(Matrix dx, Matrix dy, int[] first, int[] end) {}

    @Override
    default void segmentWeighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end) {}

    @Override
    default void segmentWeightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end) {}
}

package org.dnallama.compute;

/**
 * The kernels that the model is written in, each with its backward. Unless said otherwise outputs are overwritten,
 * arguments must not overlap, and gradients of parameters are added to what is there.
 */
public interface ModelKernels {

    /**
     * y[r,o] (+)= sum over i of x[r,i] * w[o,i].
     *
     * @param y shape (rows, outputs)
     * @param x shape (rows, inputs)
     * @param w shape (outputs, inputs)
     * @param into whether y is set or added to
     */
    void linear(Matrix y, Matrix x, Matrix w, Into into);

    /**
     * dx[r,i] (+)= sum over o of dy[r,o] * w[o,i].
     *
     * @param dx shape (rows, inputs)
     * @param dy shape (rows, outputs)
     * @param w shape (outputs, inputs)
     * @param into whether dx is set or added to
     */
    void linearInputGradient(Matrix dx, Matrix dy, Matrix w, Into into);

    /**
     * dw[o,i] += sum over r of dy[r,o] * x[r,i].
     *
     * @param dw shape (outputs, inputs)
     * @param dy shape (rows, outputs)
     * @param x shape (rows, inputs)
     */
    void linearWeightGradient(Matrix dw, Matrix dy, Matrix x);

    /**
     * y[r,c] = gain[c] * x[r,c] * inverseRms[r] with inverseRms[r] = 1 / sqrt(mean over c of x[r,c]^2 + eps).
     *
     * @param y shape (rows, dim), dense
     * @param inverseRms shape (rows), kept for the backward
     * @param x shape (rows, dim), dense
     * @param gain shape (dim)
     * @param eps in units of x^2; positive
     * @see <a href="https://arxiv.org/abs/1910.07467">Zhang and Sennrich 2019</a>
     */
    void rmsNorm(Matrix y, Buffer inverseRms, Matrix x, Buffer gain, double eps);

    /**
     * Backward of {@link #rmsNorm}.
     *
     * @param dx shape (rows, dim), dense
     * @param into whether dx is set or added to
     * @param dGain shape (dim), added to
     * @param dy shape (rows, dim), dense
     * @param x the forward's input
     * @param gain shape (dim)
     * @param inverseRms from the forward
     */
    void rmsNormBackward(Matrix dx, Into into, Buffer dGain, Matrix dy, Matrix x, Buffer gain, Buffer inverseRms);

    /**
     * Rotates pairs (i, i + headDim/2) of every head in place by the angle of the row's position (the half-split
     * convention of Hugging Face checkpoints). The inverse rotation is the backward.
     *
     * @param x shape (tokens, heads * headDim)
     * @param headDim numbers in a head; even
     * @param table shape (positions, headDim): headDim/2 cosines, then headDim/2 sines
     * @param positions shape (tokens), rows of the table
     * @param direction forward or inverse
     * @see <a href="https://arxiv.org/abs/2104.09864">Su et al. 2021</a>
     */
    void rope(Matrix x, int headDim, Matrix table, int[] positions, Rotation direction);

    /**
     * Scaled dot-product attention, softmax(q k^T / sqrt(headDim)) v over the keys that each query sees.
     *
     * @param out shape (tokens, heads * headDim)
     * @param logSumExp shape (tokens * heads), (token, head) order, kept for the backward
     * @param qkv shape (tokens, (heads + 2 * kvHeads) * headDim): query heads, key heads, value heads
     * @param ranges the keys that each query sees
     * @param shape batch, length and heads
     */
    void attention(Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape);

    /**
     * Backward of {@link #attention}.
     *
     * @param dQkv shape of qkv, overwritten
     * @param dOut shape of out
     * @param out the forward's output
     * @param logSumExp from the forward
     * @param qkv the forward's input
     * @param ranges the keys that each query sees
     * @param shape batch, length and heads
     */
    void attentionBackward(
            Matrix dQkv, Matrix dOut, Matrix out, Buffer logSumExp, Matrix qkv, KeyRanges ranges, AttentionShape shape);

    /**
     * Attention of tokens that follow others whose keys and values are kept: the same formula as {@link #attention},
     * with as many queries a sequence as the shape's sequenceLength, over the sequence's own {@code keysValues.rows() /
     * shape.batch()} rows of the cache. Ranges count from the first of these. There is no backward: it serves decoding.
     *
     * @param out shape (tokens, heads * headDim)
     * @param queries shape (tokens, heads * headDim)
     * @param keysValues shape (batch * capacity, 2 * kvHeads * headDim): key heads, value heads
     * @param ranges the keys that each query sees, each within [0, capacity)
     * @param shape batch, queries in each sequence, and heads
     */
    void cachedAttention(Matrix out, Matrix queries, Matrix keysValues, KeyRanges ranges, AttentionShape shape);

    /**
     * y[r,c] = silu(gate[r,c]) * up[r,c], with silu(x) = x / (1 + exp(-x)).
     *
     * @param y shape (rows, hidden), dense
     * @param gateUp shape (rows, 2 * hidden), dense: gate, then up
     * @see <a href="https://arxiv.org/abs/2002.05202">Shazeer 2020</a>
     */
    void swiGlu(Matrix y, Matrix gateUp);

    /**
     * Backward of {@link #swiGlu}.
     *
     * @param dGateUp shape (rows, 2 * hidden), dense
     * @param dy shape (rows, hidden), dense
     * @param gateUp the forward's input
     */
    void swiGluBackward(Matrix dGateUp, Matrix dy, Matrix gateUp);

    /**
     * y[r,:] (+)= table[ids[r],:].
     *
     * @param y shape (ids, dim), dense
     * @param into whether y is set or added to
     * @param table shape (vocabulary, dim), dense
     * @param ids rows of the table
     */
    void embedding(Matrix y, Into into, Matrix table, int[] ids);

    /**
     * dTable[ids[r],:] += dy[r,:], in the order of r.
     *
     * @param dTable shape (vocabulary, dim), dense
     * @param dy shape (ids, dim), dense
     * @param ids rows of the table
     */
    void embeddingBackward(Matrix dTable, Matrix dy, int[] ids);

    /**
     * Softmax cross-entropy in nats, fused with its gradient. Rows with target -1 count for nothing.
     *
     * @param logits shape (rows, classes), dense; overwritten with scale * d(sum of losses)/d(logits)
     * @param targets shape (rows), classes or -1
     * @param scale factor of the gradient, usually 1 / (targets in the whole batch)
     * @return sum of the rows' losses, nats, not scaled
     */
    double crossEntropy(Matrix logits, int[] targets, double scale);

    /**
     * Sets x[i] to 0 with probability {@code rate}, else to x[i] / (1 - rate). Whether element i falls depends on key
     * and i alone, so the same call on a gradient is the backward.
     *
     * @param x in place
     * @param rate in [0, 1)
     * @param key names the random stream
     */
    void dropout(Buffer x, double rate, long key);

    /**
     * y[s,:] = mean over rows r in [first[s], end[s]) of x[r,:].
     *
     * @param y shape (segments, dim), dense
     * @param x shape (rows, dim), dense
     * @param first first row of each segment
     * @param end one past the last row of each segment; greater than first
     */
    void segmentMean(Matrix y, Matrix x, int[] first, int[] end);

    /**
     * Backward of {@link #segmentMean}: dx[r,:] += dy[s,:] / (end[s] - first[s]) for r in the segment.
     *
     * @param dx shape (rows, dim), dense, added to
     * @param dy shape (segments, dim), dense
     * @param first first row of each segment
     * @param end one past the last row of each segment
     */
    void segmentMeanBackward(Matrix dx, Matrix dy, int[] first, int[] end);

    /**
     * y[s,:] = sqrt(n) * sum over i in [0, n) of w[i,:] * x[first[s] + i,:], elementwise, with n = end[s] - first[s]: a
     * sum that knows where in its segment a row stands. With w of size 1/n and x of size 1, y has size 1.
     *
     * @param y shape (segments, dim), dense
     * @param x shape (rows, dim), dense
     * @param w shape (at least the longest segment, dim), dense
     * @param first first row of each segment
     * @param end one past the last row of each segment; greater than first
     */
    void segmentWeighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end);

    /**
     * Backward of {@link #segmentWeighted}, by x and by w.
     *
     * @param dx shape (rows, dim), dense, added to
     * @param dw shape of w, dense, added to
     * @param dy shape (segments, dim), dense
     * @param x the forward's input
     * @param w the forward's weights
     * @param first first row of each segment
     * @param end one past the last row of each segment
     */
    void segmentWeightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end);
}

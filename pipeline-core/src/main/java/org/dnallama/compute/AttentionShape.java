package org.dnallama.compute;

/**
 * Shape of grouped-query attention. Query head h reads key/value head {@code h / (heads / kvHeads)}.
 *
 * @param batch sequences
 * @param sequenceLength tokens in each
 * @param heads query heads
 * @param kvHeads key/value heads; divides {@code heads}
 * @param headDim numbers in a head
 */
public record AttentionShape(int batch, int sequenceLength, int heads, int kvHeads, int headDim) {

    /** Rejects shapes that cannot be grouped. */
    public AttentionShape {
        if (batch < 1 || sequenceLength < 1 || kvHeads < 1 || headDim < 1 || heads % kvHeads != 0) {
            throw new IllegalArgumentException(
                    "no attention shape: batch %d, length %d, heads %d, kvHeads %d, headDim %d"
                            .formatted(batch, sequenceLength, heads, kvHeads, headDim));
        }
    }

    /**
     * Tokens in the batch.
     *
     * @return batch * sequenceLength
     */
    public int tokens() {
        return batch * sequenceLength;
    }
}

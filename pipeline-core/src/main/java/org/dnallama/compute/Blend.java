package org.dnallama.compute;

import java.util.List;

/**
 * A weighted mean of vectors, x0 + sum of weight (x - x0) over the terms: the weights of all vectors sum to 1. In this
 * form equal vectors have exactly themselves as mean, however the weights are rounded.
 *
 * @param base x0
 * @param terms the other vectors, as long as x0
 */
public record Blend(Buffer base, List<Term> terms) {

    /**
     * A vector with its weight.
     *
     * @param vector x
     * @param weight its part of the mean; may be negative
     */
    public record Term(Buffer vector, double weight) {}

    /**
     * One vector alone.
     *
     * @param vector x0
     * @return the blend that is this vector
     */
    public static Blend of(Buffer vector) {
        return new Blend(vector, List.of());
    }
}

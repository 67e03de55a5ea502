package org.dnallama.compute;

import org.jspecify.annotations.Nullable;

/**
 * Vector kernels that optimizers are written in; every one is a single pass over memory. All buffers of a call have one
 * length.
 */
public interface OptimizerKernels {

    /**
     * Sets every number.
     *
     * @param x in place
     * @param value the new value
     */
    void fill(Buffer x, double value);

    /**
     * y = x.
     *
     * @param y overwritten
     * @param x source
     */
    void copy(Buffer y, Buffer x);

    /**
     * x *= factor.
     *
     * @param x in place
     * @param factor the factor
     */
    void scale(Buffer x, double factor);

    /**
     * y += factor * x.
     *
     * @param y added to
     * @param factor the factor
     * @param x source
     */
    void addScaled(Buffer y, double factor, Buffer x);

    /**
     * Sum of squares, in float64 and in a fixed order.
     *
     * @param x source
     * @return sum over i of x[i]^2
     */
    double sumOfSquares(Buffer x);

    /**
     * Sum of squared differences, in a fixed order.
     *
     * @param a minuend
     * @param b subtrahend
     * @return sum over i of (a[i] - b[i])^2
     */
    double squaredDistance(Buffer a, Buffer b);

    /**
     * y = x + factor * direction.
     *
     * @param y overwritten; may be x
     * @param factor the factor
     * @param x where from
     * @param direction a mean of vectors, none of which is y
     */
    void move(Buffer y, Buffer x, double factor, Blend direction);

    /**
     * One update of the Adam family from gradient g: m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; theta = (1 - lr wd)
     * start - lr (wm m + wg g) / (sqrt(v/bc2) + eps).
     *
     * @param theta overwritten; may be start
     * @param start parameters before the step
     * @param m first moment, in place
     * @param v second moment, in place
     * @param g gradient, a mean of vectors
     * @param step the step's coefficients
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
     * @see <a href="https://openreview.net/forum?id=OM0jvwB8jIp57ZJjtNEZ">Dozat 2016</a>
     */
    void adam(Buffer theta, Buffer start, Buffer m, Buffer v, Blend g, AdamStep step);

    /**
     * The denominator that KT4's stages share: den = sqrt((b2 v + (1-b2) g^2) / bc2) + eps.
     *
     * @param den overwritten
     * @param v second moment before the step
     * @param g stage 1's gradient
     * @param step the step's coefficients
     */
    void adamDenominator(Buffer den, Buffer v, Buffer g, AdamStep step);

    /**
     * Places the parameters at a KT4 stage: theta = start - fraction lr clamp((b1 m + (1-b1) g) / (bc1 den), -U, U)
     * with U = max(1, (1-b1)/sqrt(1-b2)).
     *
     * @param theta overwritten
     * @param start theta0
     * @param m first moment before the step
     * @param g a mean of earlier stages' gradients
     * @param den from {@link #adamDenominator}
     * @param fraction how far along the step, positive
     * @param step the step's coefficients
     */
    void placeStage(Buffer theta, Buffer start, Buffer m, Blend g, Buffer den, double fraction, AdamStep step);

    /**
     * How the gradients of three stages differ, in a fixed order: KT4's curvature along the path.
     *
     * @param g1 stage 1's gradient
     * @param g2 stage 2's
     * @param g3 stage 3's
     * @param den positive; null for ones
     * @return sums over all numbers
     */
    StageDifferences stageDifferences(Buffer g1, Buffer g2, Buffer g3, @Nullable Buffer den);
}

package org.dnallama.compute;

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
     * One AdamW update from gradient g: m = b1 m + (1-b1) g; v = b2 v + (1-b2) g^2; theta *= 1 - lr wd; theta -= lr
     * (m/bc1) / (sqrt(v/bc2) + eps).
     *
     * @param theta parameters, in place
     * @param m first moment, in place
     * @param v second moment, in place
     * @param g gradient
     * @param step the step's coefficients
     * @see <a href="https://arxiv.org/abs/1711.05101">Loshchilov and Hutter 2019</a>
     */
    void adamW(Buffer theta, Buffer m, Buffer v, Buffer g, AdamStep step);

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
     * Places the parameters at a KT4 stage: theta = theta0 - fraction lr clamp((b1 m + (1-b1) g) / (bc1 den), -U, U)
     * with U = max(1, (1-b1)/sqrt(1-b2)).
     *
     * @param theta overwritten
     * @param start theta0
     * @param m first moment before the step
     * @param g the last stage's gradient
     * @param den from {@link #adamDenominator}
     * @param fraction how far along the step, in (0, 1]
     * @param step the step's coefficients
     */
    void placeStage(Buffer theta, Buffer start, Buffer m, Buffer g, Buffer den, double fraction, AdamStep step);

    /**
     * sum over i of (a[i] - b[i]) (c[i] - d[i]) / den[i], in float64 and in a fixed order: KT4's curvature along the
     * path.
     *
     * @param a minuend of the first difference
     * @param b subtrahend of the first difference
     * @param c minuend of the second difference
     * @param d subtrahend of the second difference
     * @param den positive
     * @return the weighted inner product of the differences
     */
    double differenceProduct(Buffer a, Buffer b, Buffer c, Buffer d, Buffer den);
}

package org.dnallama.compute.vector;

import org.dnallama.compute.AdamStep;
import org.dnallama.compute.Into;
import org.dnallama.compute.StageDifferences;
import org.jspecify.annotations.Nullable;

/** Arithmetic on rows of n numbers: what the kernels do between matrix products. */
interface RowKernels {

    /** Sum of a[i] * b[i]. */
    float dot(Row a, Row b, int n);

    /** Largest number; n is at least 1. */
    float max(Row a, int n);

    /** a[i] = exp(a[i] - shift); returns their sum. */
    float expShifted(Row a, float shift, int n);

    /** a[i] *= factor. */
    void scale(Row a, float factor, int n);

    /** y[i] += factor * x[i]. */
    void addScaled(Row y, float factor, Row x, int n);

    /** y[i] += factor * a[i] * b[i]. */
    void addScaledProduct(Row y, float factor, Row a, Row b, int n);

    /** y[i] = factor * x[i] * gain[i]. */
    void scaledProduct(Row y, float factor, Row x, Row gain, int n);

    /**
     * One row of RMSNorm's backward: dx (+)= scale * dy * gain - shared * x, and dGain += scale * dy * x; shared is
     * scale^3 times the mean of dy * gain * x.
     */
    void rmsNormBackward(Norm norm, Into into, float scale, float shared, int n);

    /** The rows of a norm's backward. */
    record Norm(Row dx, Row dGain, Row dy, Row x, Row gain) {}

    /** Sum of a[i] * b[i] * c[i]. */
    float tripleDot(Row a, Row b, Row c, int n);

    /** target[i] = factor * source[i], from the panel's cursor on. */
    void load(Panel target, float factor, Row source, int n);

    /** target[i] = factor * source[i], from the panel's cursor on. */
    void store(Row target, float factor, Panel source, int n);

    /** (x0, x1) = (x0 cos - x1 sin, x1 cos + x0 sin), with sin times {@code sign}. */
    void rotate(Row x0, Row x1, Row cos, Row sin, float sign, int n);

    /** y = silu(gate) * up. */
    void swiGlu(Row y, Row gate, Row up, int n);

    /** Backward of {@link #swiGlu}; dGate and dUp are overwritten. */
    void swiGluBackward(Row dGate, Row dUp, Row dy, Row gate, Row up, int n);

    /** y[i] = x[i] + factor * (a[i] - b[i]). */
    void addDifference(Row y, Row x, float factor, Row a, Row b, int n);

    /** Sum of (a[i] - b[i])^2. */
    float squaredDistance(Row a, Row b, int n);

    /** See {@link org.dnallama.compute.OptimizerKernels#stageDifferences}. */
    StageDifferences stageDifferences(Row g1, Row g2, Row g3, @Nullable Row den, int n);

    /** See {@link org.dnallama.compute.OptimizerKernels#adam}. */
    void adam(Row theta, Row start, Row m, Row v, Row g, AdamStep step, int n);

    /** See {@link org.dnallama.compute.OptimizerKernels#adamDenominator}. */
    void adamDenominator(Row den, Row v, Row g, AdamStep step, int n);

    /** See {@link org.dnallama.compute.OptimizerKernels#placeStage}; {@code distance} is fraction * lr / bc1. */
    void placeStage(Stage stage, Row den, double distance, AdamStep step, int n);

    /** The vectors of a KT4 stage move. */
    record Stage(Row theta, Row start, Row m, Row g) {}
}

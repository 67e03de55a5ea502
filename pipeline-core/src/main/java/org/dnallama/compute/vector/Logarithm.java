package org.dnallama.compute.vector;

/** The natural logarithm in plain arithmetic: {@link StrictMath}'s leaves Java for every call. */
final class Logarithm {

    private Logarithm() {}

    /**
     * log of a positive normal number; x = 2^k m with m around 1, and log m by its series in (m - 1) / (m + 1). Error
     * under 1e-10, which float32 does not see.
     */
    static double of(float x) {
        int exponent = Math.getExponent(x);
        double m = x / (double) Math.scalb(1f, exponent);
        if (m > 1.4142135623730951) {
            m /= 2;
            exponent++;
        }
        double z = (m - 1) / (m + 1);
        double square = z * z;
        double series = 1.0 / 13;
        for (int n = 11; n > 0; n -= 2) {
            series = series * square + 1.0 / n;
        }
        return exponent * 0.6931471805599453 + 2 * z * series;
    }
}

package org.dnallama.compute;

/**
 * How the gradients of three stages differ, with d = g2 - g1 and e = g3 - g2, as sums over all numbers.
 *
 * @param squared2 d d
 * @param squared3 e e
 * @param weighted d d / den
 * @param product d e / den
 */
public record StageDifferences(double squared2, double squared3, double weighted, double product) {

    /** All sums at zero. */
    public static final StageDifferences NONE = new StageDifferences(0, 0, 0, 0);

    /**
     * The sums over two vectors together.
     *
     * @param other sums over the other vector
     * @return the sums of the sums
     */
    public StageDifferences plus(StageDifferences other) {
        return new StageDifferences(
                squared2 + other.squared2,
                squared3 + other.squared3,
                weighted + other.weighted,
                product + other.product);
    }
}

package org.dnallama.metric;

import java.util.List;

/**
 * How far curves reach.
 *
 * @param mostX furthest to the right
 * @param lowY lowest
 * @param highY highest
 */
record Extent(double mostX, double lowY, double highY) {

    /** Of at least one curve with at least one point. */
    static Extent of(List<Plot.Series> curves) {
        double mostX = Double.NEGATIVE_INFINITY;
        double lowY = Double.POSITIVE_INFINITY;
        double highY = Double.NEGATIVE_INFINITY;
        for (Plot.Series curve : curves) {
            for (Plot.Point point : curve.points()) {
                mostX = Math.max(mostX, point.x());
                lowY = Math.min(lowY, point.y());
                highY = Math.max(highY, point.y());
            }
        }
        return new Extent(mostX, lowY, highY);
    }

    /** The same with other heights. */
    Extent between(double low, double high) {
        return new Extent(mostX, low, high);
    }

    /** From zero to the right end. */
    Plot.Axis x(String label) {
        return new Plot.Axis(label, 0, mostX > 0 ? mostX : 1);
    }

    /** From the lowest to the highest, with a margin; not below zero unless a curve is. */
    Plot.Axis y(String label) {
        double margin = highY > lowY ? 0.05 * (highY - lowY) : 0.5;
        return new Plot.Axis(label, lowY < 0 ? lowY - margin : Math.max(0, lowY - margin), highY + margin);
    }
}

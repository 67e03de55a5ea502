package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Curves over common axes, apart from how they are drawn.
 *
 * @param title what is shown
 * @param x horizontal axis
 * @param y vertical axis
 * @param bands areas below the curves
 * @param series the curves, drawn in this order
 */
record Plot(String title, Axis x, Axis y, List<Band> bands, List<Series> series) {

    Plot {
        bands = List.copyOf(bands);
        series = List.copyOf(series);
    }

    /**
     * An axis.
     *
     * @param label quantity and unit
     * @param least where it starts
     * @param most where it ends, above least
     */
    record Axis(String label, double least, double most) {

        Axis {
            if (!(most > least)) {
                throw new IllegalArgumentException(label + ": axis from " + least + " to " + most + " is empty");
            }
        }
    }

    /** A point in the axes' units. */
    record Point(double x, double y) {}

    /** How a curve looks. */
    enum Mark {
        /** A plain line. */
        LINE,
        /** A thin line that leaves the eye to the others. */
        PALE,
        /** A line with a dot at each point. */
        DOTTED,
        /** A grey line to compare with. */
        REFERENCE
    }

    /**
     * A curve.
     *
     * @param name for the legend
     * @param colour index into {@link Palette}; of no meaning for a reference
     * @param dash 0 for a full line, else an index of a dash pattern
     * @param mark how it looks
     * @param points in order
     */
    record Series(String name, int colour, int dash, Mark mark, List<Point> points) {

        Series {
            points = List.copyOf(points);
        }
    }

    /**
     * An area between two curves.
     *
     * @param colour index into {@link Palette}
     * @param low lower edge, in order
     * @param high upper edge, at the same places
     */
    record Band(int colour, List<Point> low, List<Point> high) {

        Band {
            low = List.copyOf(low);
            high = List.copyOf(high);
        }

        /** Once around. */
        List<Point> outline() {
            List<Point> outline = new ArrayList<>(high);
            for (int i = low.size() - 1; i >= 0; i--) {
                outline.add(low.get(i));
            }
            return outline;
        }
    }
}

package org.dnallama.metric;

import java.util.List;
import java.util.Locale;

/** Draws a confusion table: the darker a cell, the larger its part of the class. */
final class ConfusionPicture {

    private static final int WIDTH = 480;
    private static final int LEFT = 76;
    private static final int TOP = 28;
    private static final int CELL_WIDTH = 196;
    private static final int CELL_HEIGHT = 96;
    private static final double DARKEST = 0.4;

    private ConfusionPicture() {}

    static Picture of(String name, int colour, ConfusionCounts counts) {
        StringBuilder svg = new StringBuilder();
        svg.append(text("middle", LEFT + CELL_WIDTH / 2, 18, "predicted 1"));
        svg.append(text("middle", LEFT + CELL_WIDTH * 3 / 2, 18, "predicted 0"));
        row(svg, "class 1", 0, colour, counts.tp(), counts.fn());
        row(svg, "class 0", 1, colour, counts.fp(), counts.tn());
        return new Picture(
                Picture.named("confusion " + name),
                "Confusion matrix: " + name,
                List.of(),
                WIDTH,
                TOP + 2 * CELL_HEIGHT + 8,
                svg.toString());
    }

    private static void row(StringBuilder svg, String name, int row, int colour, long asOne, long asZero) {
        int top = TOP + row * CELL_HEIGHT;
        svg.append(text("end", LEFT - 10, top + CELL_HEIGHT / 2 + 4, name));
        long[] counts = {asOne, asZero};
        for (int c = 0; c < counts.length; c++) {
            double part = asOne + asZero == 0 ? 0 : counts[c] / (double) (asOne + asZero);
            int left = LEFT + c * CELL_WIDTH;
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect class=\"cell c%d\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill-opacity=\"%.3f\"/>%n",
                    colour,
                    left + 2,
                    top + 2,
                    CELL_WIDTH - 4,
                    CELL_HEIGHT - 4,
                    DARKEST * part));
            int middle = left + CELL_WIDTH / 2;
            svg.append(text("count middle", middle, top + CELL_HEIGHT / 2, Long.toString(counts[c])));
            svg.append(text(
                    "middle", middle, top + CELL_HEIGHT / 2 + 22, String.format(Locale.ROOT, "%.1f %%", 100 * part)));
        }
    }

    private static String text(String kind, int x, int y, String content) {
        return "<text class=\"" + kind + "\" x=\"" + x + "\" y=\"" + y + "\">" + Html.escape(content) + "</text>\n";
    }
}

package org.dnallama.metric;

import java.util.List;
import java.util.Locale;

/** Draws a sequence with a bar at each base, up where it speaks for class 1, and its TATA boxes and initiators. */
final class SaliencyPicture {

    private static final int FOR = 1;
    private static final int AGAINST = 0;
    private static final int IN_A_ROW = 35;
    private static final int LEFT = 30;
    private static final int CELL = 12;
    private static final int WIDTH = LEFT + IN_A_ROW * CELL + 10;
    private static final int ROW = 104;
    /** Of a row: where the letters stand, and how far bars go up and down. */
    private static final int LETTERS = 66;

    private static final int LETTER = 14;
    private static final int BAR = 34;

    private final Saliency saliency;
    private final double largest;
    private final StringBuilder svg = new StringBuilder();

    private SaliencyPicture(Saliency saliency) {
        this.saliency = saliency;
        this.largest = saliency.perBase().stream().mapToDouble(Math::abs).max().orElse(0);
    }

    /**
     * Draws.
     *
     * @param saliency one number a base
     * @param number of the picture, from 1
     */
    static Picture of(Saliency saliency, int number) {
        SaliencyPicture drawing = new SaliencyPicture(saliency);
        int bases = saliency.sequence().length();
        for (int start = 0; start < bases; start += IN_A_ROW) {
            drawing.row(start, Math.min(bases, start + IN_A_ROW));
        }
        Motif.find(saliency.sequence()).forEach(drawing::motif);
        String title = String.format(Locale.ROOT, "%s, score %.3f", saliency.id(), saliency.score());
        int rows = (bases + IN_A_ROW - 1) / IN_A_ROW;
        return new Picture("saliency-" + number + ".svg", title, legend(), WIDTH, rows * ROW, drawing.svg.toString());
    }

    private static List<Picture.Entry> legend() {
        return List.of(
                new Picture.Entry(bar(FOR, 10, 0, 12), "for class 1"),
                new Picture.Entry(bar(AGAINST, 10, 0, 12), "against it"));
    }

    private void row(int start, int end) {
        int top = start / IN_A_ROW * ROW;
        text("tick end", LEFT - 6, top + LETTERS, Integer.toString(start + 1));
        for (int i = start; i < end; i++) {
            int x = x(i);
            double part = largest == 0 ? 0 : saliency.perBase().get(i) / largest;
            double height = Math.abs(part) * BAR;
            svg.append(
                    part >= 0
                            ? bar(FOR, x, top + LETTERS - LETTER + 2 - height, height)
                            : bar(AGAINST, x, top + LETTERS + 4, height));
            text("base middle", x + CELL / 2, top + LETTERS, saliency.sequence().substring(i, i + 1));
        }
    }

    private static String bar(int colour, int x, double y, double height) {
        return String.format(
                Locale.ROOT,
                "<rect class=\"bar c%d\" x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%.1f\"/>%n",
                colour,
                x + 1,
                y,
                CELL - 2,
                height);
    }

    /** A bracket over the bases, in each row that it reaches into. */
    private void motif(Motif motif) {
        int colour = switch (motif.element()) {
            case TATA -> 2;
            case INR -> 3;
        };
        for (int start = motif.start(); start < motif.end(); ) {
            int end = Math.min(motif.end(), (start / IN_A_ROW + 1) * IN_A_ROW);
            int y = start / IN_A_ROW * ROW + 12;
            svg.append(String.format(
                    "<path class=\"motif c%d\" d=\"M%d %d v-4 H%d v4\"/>%n",
                    colour, x(start) + 1, y + 4, x(end - 1) + CELL - 1));
            text("motif-name c" + colour, x(start) + 1, y - 2, motif.element().title());
            start = end;
        }
    }

    private static int x(int base) {
        return LEFT + base % IN_A_ROW * CELL;
    }

    private void text(String kind, int x, int y, String content) {
        svg.append(
                "<text class=\"" + kind + "\" x=\"" + x + "\" y=\"" + y + "\">" + Html.escape(content) + "</text>\n");
    }
}

package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Draws a plot as inline SVG. Colours come from the page's style sheet, so that it follows light and dark. */
final class SvgPlot {

    private static final int WIDTH = 480;
    private static final int HEIGHT = 330;
    private static final int LEFT = 56;
    private static final int RIGHT = 14;
    private static final int TOP = 10;
    private static final int BOTTOM = 46;
    // What leaves the frame is cut off, but the dots on its rim are whole.
    private static final int DOT = 4;
    private static final int FRAME_WIDTH = WIDTH - LEFT - RIGHT;
    private static final int FRAME_HEIGHT = HEIGHT - TOP - BOTTOM;

    private final Plot plot;
    private final StringBuilder svg = new StringBuilder();

    private SvgPlot(Plot plot) {
        this.plot = plot;
    }

    /**
     * Draws a plot.
     *
     * @param plot what to draw
     * @return the picture
     */
    static Picture picture(Plot plot) {
        SvgPlot drawing = new SvgPlot(plot);
        drawing.axes();
        drawing.svg.append(String.format(
                "<svg x=\"%1$d\" y=\"%2$d\" width=\"%3$d\" height=\"%4$d\" viewBox=\"%1$d %2$d %3$d %4$d\">%n",
                LEFT - DOT, TOP - DOT, FRAME_WIDTH + 2 * DOT, FRAME_HEIGHT + 2 * DOT));
        plot.bands().forEach(drawing::band);
        plot.series().forEach(drawing::curve);
        drawing.svg.append("</svg>\n");
        List<Picture.Entry> legend = plot.series().stream().map(SvgPlot::legend).toList();
        return new Picture(Picture.named(plot.title()), plot.title(), legend, WIDTH, HEIGHT, drawing.svg.toString());
    }

    /**
     * Round numbers in an interval.
     *
     * @param axis the interval
     * @return three to six multiples of 1, 2 or 5 times a power of ten, rising
     */
    static List<Double> ticks(Plot.Axis axis) {
        double rough = (axis.most() - axis.least()) / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double digit = rough / power;
        double step = power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
        List<Double> ticks = new ArrayList<>();
        // The small allowance keeps a tick that rounding put just beyond the end.
        for (long i = (long) Math.ceil(axis.least() / step - 1e-9); i * step <= axis.most() + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    private void axes() {
        for (double tick : ticks(plot.x())) {
            line("grid", x(tick), TOP, x(tick), HEIGHT - BOTTOM);
            text("tick middle", x(tick), HEIGHT - BOTTOM + 16, number(tick));
        }
        for (double tick : ticks(plot.y())) {
            line("grid", LEFT, y(tick), WIDTH - RIGHT, y(tick));
            text("tick end", LEFT - 7, y(tick) + 4, number(tick));
        }
        line("axis", LEFT, HEIGHT - BOTTOM, WIDTH - RIGHT, HEIGHT - BOTTOM);
        line("axis", LEFT, TOP, LEFT, HEIGHT - BOTTOM);
        text("middle", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 8, plot.x().label());
        double middle = (TOP + HEIGHT - BOTTOM) / 2.0;
        svg.append(String.format(
                Locale.ROOT,
                "<text class=\"middle\" transform=\"translate(13 %.1f) rotate(-90)\">%s</text>%n",
                middle,
                Html.escape(plot.y().label())));
    }

    private void band(Plot.Band band) {
        svg.append("<polygon class=\"band c" + band.colour() + "\" points=\"" + points(band.outline()) + "\"/>\n");
    }

    private String points(List<Plot.Point> line) {
        StringBuilder points = new StringBuilder();
        String last = "";
        for (Plot.Point point : line) {
            String at = String.format(Locale.ROOT, "%.1f,%.1f ", x(point.x()), y(point.y()));
            if (!at.equals(last)) { // what falls on the same tenth of a pixel need not be drawn twice
                points.append(at);
                last = at;
            }
        }
        return points.toString().strip();
    }

    private void curve(Plot.Series series) {
        svg.append("<g ").append(style(series)).append("><title>").append(Html.escape(series.name()));
        svg.append("</title><polyline points=\"")
                .append(points(series.points()))
                .append("\"/>");
        if (series.mark() == Plot.Mark.DOTTED) {
            for (Plot.Point point : series.points()) {
                svg.append(String.format(
                        Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3.5\"/>", x(point.x()), y(point.y())));
            }
        }
        svg.append("</g>\n");
    }

    private static String style(Plot.Series series) {
        String kind = series.mark().name().toLowerCase(Locale.ROOT);
        String colour = series.mark() == Plot.Mark.REFERENCE ? "" : " c" + series.colour();
        return "class=\"curve " + kind + colour + "\" stroke-dasharray=\""
                + Palette.DASHES.get(series.dash()).stream()
                        .map(String::valueOf)
                        .collect(Collectors.joining(" "))
                + "\"";
    }

    private static Picture.Entry legend(Plot.Series series) {
        String dot = series.mark() == Plot.Mark.DOTTED ? "<circle cx=\"14\" cy=\"6\" r=\"3.5\"/>" : "";
        return new Picture.Entry(
                "<g " + style(series) + "><polyline points=\"1,6 27,6\"/>" + dot + "</g>", series.name());
    }

    private void line(String kind, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>%n",
                kind,
                x1,
                y1,
                x2,
                y2));
    }

    private void text(String kind, double x, double y, String content) {
        svg.append(String.format(
                Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>%n", kind, x, y, Html.escape(content)));
    }

    private double x(double value) {
        return LEFT + (value - plot.x().least()) / (plot.x().most() - plot.x().least()) * FRAME_WIDTH;
    }

    private double y(double value) {
        double part = (value - plot.y().least()) / (plot.y().most() - plot.y().least());
        return HEIGHT - BOTTOM - part * FRAME_HEIGHT;
    }

    private static String number(double tick) {
        String text = String.format(Locale.ROOT, "%.6f", tick);
        return text.replaceAll("\\.?0+$", "");
    }
}

package org.dnallama.metric;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * A drawing with its title and legend, for a page or as a file of its own. Colours come from the style sheet, so that
 * it follows light and dark.
 *
 * @param name of its file
 * @param title what is shown
 * @param legend what the marks mean
 * @param width of the drawing, in its own units
 * @param height of the drawing
 * @param content SVG elements
 */
record Picture(String name, String title, List<Entry> legend, int width, int height, String content) {

    private static final int MARGIN = 14;
    private static final int LINE = 20;
    private static final int SWATCH = 28;

    /**
     * A line of a legend.
     *
     * @param swatch SVG elements, 28 wide and 12 high
     * @param name what they stand for
     */
    record Entry(String swatch, String name) {}

    Picture {
        legend = List.copyOf(legend);
    }

    /** The picture in a page. */
    String figure() {
        String names = legend.stream()
                .map(entry -> "<span><svg class=swatch viewBox=\"0 0 28 12\">" + entry.swatch + "</svg>"
                        + Html.escape(entry.name) + "</span> ")
                .collect(Collectors.joining());
        return "<figure>\n<figcaption>" + Html.escape(title) + "</figcaption>\n"
                + (names.isEmpty() ? "" : "<p class=legend>" + names + "</p>\n")
                + "<svg viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-label=\"" + Html.escape(title)
                + "\">\n" + content + "</svg>\n</figure>\n";
    }

    /** A file's name from words. */
    static String named(String words) {
        return words.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "") + ".svg";
    }

    /** The picture as an SVG file. */
    String file() {
        int top = MARGIN + LINE * (1 + legend.size());
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"file\" viewBox=\"0 0 %d %d\" role=\"img\">%n",
                width, top + height));
        svg.append("<title>")
                .append(Html.escape(title))
                .append("</title>\n<style>")
                .append(Style.sheet());
        svg.append("</style>\n<rect class=\"page\" width=\"100%\" height=\"100%\"/>\n");
        svg.append(text("title", MARGIN, MARGIN + 6, title));
        for (int i = 0; i < legend.size(); i++) {
            int y = MARGIN + LINE * (i + 1);
            svg.append("<g transform=\"translate(" + MARGIN + " " + (y - 5) + ")\">");
            svg.append(legend.get(i).swatch).append("</g>\n");
            svg.append(text("name", MARGIN + SWATCH + 6, y + 5, legend.get(i).name));
        }
        svg.append("<g transform=\"translate(0 " + top + ")\">\n").append(content);
        return svg.append("</g>\n</svg>\n").toString();
    }

    private static String text(String kind, int x, int y, String content) {
        return "<text class=\"" + kind + "\" x=\"" + x + "\" y=\"" + y + "\">" + Html.escape(content) + "</text>\n";
    }
}

package org.dnallama.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.IntFunction;

/** One HTML page that needs nothing else, in light or dark. */
final class Page {

    private final StringBuilder html = new StringBuilder();

    /** Begins a page. */
    Page(String title) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(Html.escape(title))
                .append("</title>\n<style>\n:root {")
                .append(colours(Palette.LIGHT))
                .append("}\n@media (prefers-color-scheme: dark) { :root {")
                .append(colours(Palette.DARK))
                .append("} }\n");
        for (int i = 0; i < Palette.LIGHT.size(); i++) {
            html.append(".c" + i + " { color: var(--c" + i + "); }\n");
        }
        html.append(styleSheet()).append("</style>\n</head>\n<body>\n<h1>");
        html.append(Html.escape(title)).append("</h1>\n");
    }

    private static String colours(List<String> palette) {
        StringBuilder variables = new StringBuilder();
        for (int i = 0; i < palette.size(); i++) {
            variables
                    .append(" --c")
                    .append(i)
                    .append(": ")
                    .append(palette.get(i))
                    .append(";");
        }
        return variables.append(" ").toString();
    }

    private static String styleSheet() {
        try (InputStream in = Objects.requireNonNull(Page.class.getResourceAsStream("report.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void section(String title) {
        html.append("<h2>").append(Html.escape(title)).append("</h2>\n");
    }

    void paragraph(String text) {
        html.append("<p>").append(Html.escape(text)).append("</p>\n");
    }

    /** A table whose columns have the colours of what they tell of; one colour a column after the first. */
    void tableOfColumns(ResultTable table, List<Integer> colours) {
        table(table, c -> " class=c" + colours.get(c - 1), r -> "");
    }

    /** A table whose rows have the colours of what they tell of; one colour a row. */
    void tableOfRows(ResultTable table, List<Integer> colours) {
        table(table, c -> "", r -> " class=c" + colours.get(r));
    }

    private void table(ResultTable table, IntFunction<String> columnColour, IntFunction<String> rowColour) {
        List<String> header = table.header();
        html.append("<div class=scroll><table class=metrics>\n<thead><tr><td></td>");
        for (int c = 1; c < header.size(); c++) {
            html.append("<th" + columnColour.apply(c) + ">");
            html.append(Html.escape(header.get(c))).append("</th>");
        }
        html.append("</tr></thead>\n<tbody>\n");
        for (int r = 0; r < table.rows().size(); r++) {
            List<String> row = table.rows().get(r);
            html.append("<tr><th scope=row" + rowColour.apply(r) + ">").append(Html.escape(row.get(0)));
            html.append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell ->
                            html.append("<td>").append(Html.escape(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    /** Plots side by side, as far as there are any; else a sentence. */
    void figures(List<Optional<Plot>> plots, String ifNone) {
        if (plots.stream().allMatch(Optional::isEmpty)) {
            paragraph(ifNone);
            return;
        }
        html.append("<div class=grid>\n");
        plots.forEach(plot -> html.append(plot.map(SvgPlot::figure).orElse("")));
        html.append("</div>\n");
    }

    /** Markup of the caller's. */
    void markup(String text) {
        html.append(text);
    }

    /** The whole page. */
    String end() {
        return html.append("</body>\n</html>\n").toString();
    }
}

package org.dnallama.metric;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/** One HTML page that needs nothing else, in light or dark. */
final class Page {

    private final StringBuilder html = new StringBuilder();

    private final Map<String, String> files = new LinkedHashMap<>();

    /** Begins a page. */
    Page(String title) {
        html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(Html.escape(title))
                .append("</title>\n<style>")
                .append(Style.sheet())
                .append("</style>\n</head>\n<body>\n<h1>");
        html.append(Html.escape(title)).append("</h1>\n");
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
                    .forEach(cell -> html.append("<td>").append(value(cell)).append("</td>"));
            html.append("</tr>\n");
        }
        html.append("</tbody></table></div>\n");
    }

    /** An interval behind a value is set smaller. */
    private static String value(String cell) {
        int interval = cell.indexOf(" [");
        return interval < 0
                ? Html.escape(cell)
                : Html.escape(cell.substring(0, interval)) + " <small>" + Html.escape(cell.substring(interval + 1))
                        + "</small>";
    }

    /** Plots side by side, as far as there are any; else a sentence. */
    void figures(List<Optional<Plot>> plots, String ifNone) {
        if (plots.stream().allMatch(Optional::isEmpty)) {
            paragraph(ifNone);
        } else {
            pictures(plots.stream()
                    .flatMap(Optional::stream)
                    .map(SvgPlot::picture)
                    .toList());
        }
    }

    /** Pictures side by side, each as wide as a third of a wide page. */
    void pictures(List<Picture> pictures) {
        pictures("grid", pictures);
    }

    /** Pictures side by side, each as wide as half of a wide page. */
    void widePictures(List<Picture> pictures) {
        pictures("grid wide", pictures);
    }

    private void pictures(String kind, List<Picture> pictures) {
        html.append("<div class=\"" + kind + "\">\n");
        for (Picture picture : pictures) {
            html.append(picture.figure());
            files.put(picture.name(), picture.file());
        }
        html.append("</div>\n");
    }

    /** Names and what they stand for, which may be long. */
    void facts(List<List<String>> rows) {
        html.append("<dl>\n");
        for (List<String> row : rows) {
            html.append("<dt>").append(Html.escape(row.get(0))).append("</dt><dd>");
            html.append(Html.escape(row.get(1))).append("</dd>\n");
        }
        html.append("</dl>\n");
    }

    /** Text as it is, to be unfolded. */
    void folded(String title, String text) {
        html.append("<details><summary>").append(Html.escape(title)).append("</summary>\n<pre>");
        html.append(Html.escape(text)).append("</pre></details>\n");
    }

    /** Every picture as a file of its own. */
    Map<String, String> files() {
        return files;
    }

    /** The whole page. */
    String end() {
        return html.append("</body>\n</html>\n").toString();
    }
}

package org.dnallama.metric;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The report on one or several evaluations: one HTML page that needs nothing else, in light or dark. */
public final class Report {

    private final StringBuilder page = new StringBuilder();

    private Report() {}

    /**
     * Reports on one model.
     *
     * @param evaluation the evaluation
     * @return the page: metrics, ROC, precision-recall, confusion matrix, loss curve
     */
    public static String of(Evaluation evaluation) {
        List<Evaluation> one = List.of(evaluation);
        Report report = new Report();
        report.head("Evaluation: " + evaluation.name());
        report.table(one);
        report.section("Predictions");
        report.figures(List.of(Plots.roc(one), Plots.precisionRecall(one)), "Both classes are needed to draw curves.");
        report.confusion(one);
        report.section("Training");
        report.figures(List.of(Plots.loss(one, Plots.Cost.STEPS)), "There is no training log.");
        return report.end();
    }

    /**
     * Compares models.
     *
     * @param evaluations the evaluations, one column each
     * @param notes what a reader has to know besides, one paragraph each
     * @return the page: metrics side by side, curves overlaid, confusion matrices, loss curves by each cost
     */
    public static String comparing(List<Evaluation> evaluations, List<String> notes) {
        Report report = new Report();
        report.head("Comparison of " + evaluations.size() + " evaluations");
        notes.forEach(report::paragraph);
        report.table(evaluations);
        report.section("Predictions");
        report.figures(
                List.of(Plots.roc(evaluations), Plots.precisionRecall(evaluations)),
                "Both classes are needed to draw curves.");
        report.confusion(evaluations);
        report.section("Training");
        if (evaluations.stream().anyMatch(e -> e.optimizer().equals("kt4"))) {
            report.paragraph("KT4 takes four gradients a step, AdamW one: per step KT4 costs about four times as much,"
                    + " and a fair comparison is by gradient evaluations or by seconds.");
        }
        report.figures(
                List.of(
                        Plots.loss(evaluations, Plots.Cost.STEPS),
                        Plots.loss(evaluations, Plots.Cost.GRADIENT_EVALUATIONS),
                        Plots.loss(evaluations, Plots.Cost.SECONDS)),
                "There is no training log.");
        report.paragraph("Training loss is a moving average over the batches; dev loss is measured on held-out rows.");
        return report.end();
    }

    private void head(String title) {
        page.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
                .append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>")
                .append(Html.escape(title))
                .append("</title>\n<style>\n:root {")
                .append(colours(Palette.LIGHT))
                .append("}\n@media (prefers-color-scheme: dark) { :root {")
                .append(colours(Palette.DARK))
                .append("} }\n");
        for (int i = 0; i < Palette.LIGHT.size(); i++) {
            page.append(".c" + i + " { color: var(--c" + i + "); }\n");
        }
        page.append(styleSheet()).append("</style>\n</head>\n<body>\n<h1>");
        page.append(Html.escape(title)).append("</h1>\n");
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

    private void table(List<Evaluation> evaluations) {
        ResultTable table = ResultTable.of(evaluations);
        List<Integer> colours = Palette.colours(evaluations);
        page.append("<div class=scroll><table class=metrics>\n<thead><tr><td></td>");
        for (int i = 0; i < evaluations.size(); i++) {
            page.append("<th class=c" + colours.get(i) + ">");
            page.append(Html.escape(evaluations.get(i).name())).append("</th>");
        }
        page.append("</tr></thead>\n<tbody>\n");
        for (List<String> row : table.rows()) {
            page.append("<tr><th scope=row>").append(Html.escape(row.get(0))).append("</th>");
            row.stream()
                    .skip(1)
                    .forEach(cell ->
                            page.append("<td>").append(Html.escape(cell)).append("</td>"));
            page.append("</tr>\n");
        }
        page.append("</tbody></table></div>\n");
    }

    private void confusion(List<Evaluation> evaluations) {
        page.append("<div class=grid>\n");
        List<Integer> colours = Palette.colours(evaluations);
        for (int i = 0; i < evaluations.size(); i++) {
            ConfusionCounts counts = evaluations.get(i).metrics().counts();
            page.append("<figure style=\"--tint: var(--c" + colours.get(i) + ")\"><figcaption>Confusion matrix: ");
            page.append(Html.escape(evaluations.get(i).name()));
            page.append("</figcaption>\n<table class=confusion><thead><tr><td></td><th>predicted 1</th>"
                    + "<th>predicted 0</th></tr></thead>\n<tbody>");
            confusionRow("class 1", counts.tp(), counts.fn());
            confusionRow("class 0", counts.fp(), counts.tn());
            page.append("</tbody></table></figure>\n");
        }
        page.append("</div>\n");
    }

    private void confusionRow(String name, long asOne, long asZero) {
        page.append("<tr><th scope=row>" + name + "</th>");
        for (long count : new long[] {asOne, asZero}) {
            double part = asOne + asZero == 0 ? 0 : count / (double) (asOne + asZero);
            page.append(String.format(
                    Locale.ROOT, "<td style=\"--part: %.3f\">%d<small>%.1f %%</small></td>", part, count, 100 * part));
        }
        page.append("</tr>\n");
    }

    private void figures(List<Optional<Plot>> plots, String ifNone) {
        if (plots.stream().allMatch(Optional::isEmpty)) {
            paragraph(ifNone);
            return;
        }
        page.append("<div class=grid>\n");
        plots.forEach(plot -> page.append(plot.map(SvgPlot::figure).orElse("")));
        page.append("</div>\n");
    }

    private void section(String title) {
        page.append("<h2>").append(Html.escape(title)).append("</h2>\n");
    }

    private void paragraph(String text) {
        page.append("<p>").append(Html.escape(text)).append("</p>\n");
    }

    private String end() {
        return page.append("</body>\n</html>\n").toString();
    }

    private static String styleSheet() {
        try (InputStream in = Objects.requireNonNull(Report.class.getResourceAsStream("report.css"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

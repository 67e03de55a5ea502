package org.dnallama.metric;

import java.util.List;
import java.util.Locale;

/** The report on one or several evaluations. */
public final class Report {

    private Report() {}

    /**
     * Reports on one model.
     *
     * @param evaluation the evaluation
     * @return the page: metrics, ROC, precision-recall, confusion matrix, loss curve, KT4's curvature
     */
    public static String of(Evaluation evaluation) {
        List<Evaluation> one = List.of(evaluation);
        Page page = new Page("Evaluation: " + evaluation.name());
        table(page, one);
        page.section("Predictions");
        page.figures(List.of(Plots.roc(one), Plots.precisionRecall(one)), "Both classes are needed to draw curves.");
        confusion(page, one);
        page.section("Training");
        page.figures(List.of(Plots.loss(one, Plots.Cost.STEPS)), "There is no training log.");
        curvature(page, one);
        return page.end();
    }

    /**
     * Compares models.
     *
     * @param evaluations the evaluations, one column each
     * @param notes what a reader has to know besides, one paragraph each
     * @return the page: metrics side by side, curves overlaid, confusion matrices, loss curves by each cost, KT4's
     *     curvature
     */
    public static String comparing(List<Evaluation> evaluations, List<String> notes) {
        Page page = new Page("Comparison of " + evaluations.size() + " evaluations");
        notes.forEach(page::paragraph);
        table(page, evaluations);
        page.section("Predictions");
        page.figures(
                List.of(Plots.roc(evaluations), Plots.precisionRecall(evaluations)),
                "Both classes are needed to draw curves.");
        confusion(page, evaluations);
        page.section("Training");
        if (evaluations.stream().anyMatch(e -> e.optimizer().equals("kt4"))) {
            page.paragraph("KT4 takes four gradients a step, AdamW one: per step KT4 costs about four times as much,"
                    + " and a fair comparison is by gradient evaluations or by seconds.");
        }
        page.figures(
                List.of(
                        Plots.loss(evaluations, Plots.Cost.STEPS),
                        Plots.loss(evaluations, Plots.Cost.GRADIENT_EVALUATIONS),
                        Plots.loss(evaluations, Plots.Cost.SECONDS)),
                "There is no training log.");
        page.paragraph("Training loss is a moving average over the batches; dev loss is measured on held-out rows.");
        curvature(page, evaluations);
        return page.end();
    }

    private static void table(Page page, List<Evaluation> evaluations) {
        page.tableOfColumns(ResultTable.of(evaluations), Palette.colours(evaluations));
    }

    private static void curvature(Page page, List<Evaluation> evaluations) {
        List<Course> courses = Course.ofEvaluations(evaluations);
        if (CurvaturePlots.isKnown(courses)) {
            page.section("Curvature");
            page.paragraph(CurvaturePlots.EXPLANATION);
            page.figures(CurvaturePlots.of(courses), "");
        }
    }

    private static void confusion(Page page, List<Evaluation> evaluations) {
        page.markup("<div class=grid>\n");
        List<Integer> colours = Palette.colours(evaluations);
        for (int i = 0; i < evaluations.size(); i++) {
            ConfusionCounts counts = evaluations.get(i).metrics().counts();
            page.markup("<figure style=\"--tint: var(--c" + colours.get(i) + ")\"><figcaption>Confusion matrix: ");
            page.markup(Html.escape(evaluations.get(i).name()));
            page.markup("</figcaption>\n<table class=confusion><thead><tr><td></td><th>predicted 1</th>"
                    + "<th>predicted 0</th></tr></thead>\n<tbody>");
            confusionRow(page, "class 1", counts.tp(), counts.fn());
            confusionRow(page, "class 0", counts.fp(), counts.tn());
            page.markup("</tbody></table></figure>\n");
        }
        page.markup("</div>\n");
    }

    private static void confusionRow(Page page, String name, long asOne, long asZero) {
        page.markup("<tr><th scope=row>" + name + "</th>");
        for (long count : new long[] {asOne, asZero}) {
            double part = asOne + asZero == 0 ? 0 : count / (double) (asOne + asZero);
            page.markup(String.format(
                    Locale.ROOT, "<td style=\"--part: %.3f\">%d<small>%.1f %%</small></td>", part, count, 100 * part));
        }
        page.markup("</tr>\n");
    }
}

package org.dnallama.metric;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The report on one or several evaluations.
 *
 * @param html the page, which needs nothing else
 * @param plots each of its pictures as an SVG file, by file name
 */
public record Report(String html, Map<String, String> plots) {

    private static final String ONE_CLASS = "Both classes are needed to draw curves.";
    private static final String NO_LOG = "There is no training log.";

    /** Copies the files. */
    public Report {
        plots = Collections.unmodifiableMap(new LinkedHashMap<>(plots));
    }

    private static Report of(Page page) {
        return new Report(page.end(), page.files());
    }

    /**
     * Reports on one model.
     *
     * @param findings what is known of it
     * @return metrics with intervals, published figures, ROC, precision-recall, calibration, confusion matrices, loss
     *     curves by each cost, KT4's curvature, saliency, provenance
     */
    public static Report of(Findings findings) {
        List<Evaluation> one = List.of(findings.evaluation());
        int colour = Palette.colours(one).get(0);
        Page page = new Page("Evaluation: " + findings.evaluation().name());
        metrics(page, findings, colour);
        page.section("Predictions");
        page.figures(List.of(Plots.roc(one), Plots.precisionRecall(one), Plots.calibration(one)), ONE_CLASS);
        page.paragraph("Calibration: in each tenth of the scores the part that is of class 1, with its 95 % interval"
                + " (Wilson). Where scores hold as probabilities, it lies on the diagonal.");
        page.pictures(findings.parts().stream()
                .filter(Part::isOfAllRows)
                .map(part ->
                        ConfusionPicture.of(part.title(), colour, part.metrics().counts()))
                .toList());
        page.section("Training");
        training(page, one);
        saliency(page, findings);
        provenance(page, findings);
        return of(page);
    }

    private static void metrics(Page page, Findings findings, int colour) {
        page.tableOfColumns(
                Part.table(findings.parts()),
                Collections.nCopies(findings.parts().size(), colour));
        if (findings.resamples() > 0) {
            page.paragraph(
                    "In brackets: 95 % percentile intervals of a bootstrap, " + findings.resamples()
                            + " resamples of the rows. They tell what other rows of the same kind would give, not what another training run would.");
        }
        findings.published().ifPresent(published -> {
            page.section("Published for " + published.task());
            ResultTable table = published.table(findings.parts().get(0));
            page.tableOfRows(table, Collections.nCopies(table.rows().size(), colour));
        });
    }

    private static void training(Page page, List<Evaluation> evaluations) {
        page.figures(
                List.of(
                        Plots.loss(evaluations, Plots.Cost.STEPS),
                        Plots.loss(evaluations, Plots.Cost.GRADIENT_EVALUATIONS),
                        Plots.loss(evaluations, Plots.Cost.SECONDS)),
                NO_LOG);
        page.paragraph("Training loss is a moving average over the batches; dev loss is measured on held-out rows.");
        curvature(page, evaluations);
    }

    private static void saliency(Page page, Findings findings) {
        if (findings.hits().isEmpty()) {
            return;
        }
        page.section("What it looked at");
        page.paragraph("The promoters that were found with the highest scores. A bar is what its base adds to the score"
                + " to first order (gradient times input); bases of one token share its bar. TATA and Inr mark places"
                + " that match TATAWAW and YYANWYY, whether they do anything there or not.");
        List<Picture> pictures = new ArrayList<>();
        for (Saliency hit : findings.hits()) {
            pictures.add(SaliencyPicture.of(hit, pictures.size() + 1));
        }
        page.widePictures(pictures);
    }

    private static void provenance(Page page, Findings findings) {
        page.section("Provenance");
        List<List<String>> rows = new ArrayList<>();
        findings.provenance().forEach((name, value) -> rows.add(List.of(name, value)));
        page.facts(rows);
        page.folded("Settings", findings.config());
    }

    /**
     * Compares models.
     *
     * @param evaluations the evaluations, one column each
     * @param paired each of them but the first compared with the first, row by row; may be empty
     * @param notes what a reader has to know besides, one paragraph each
     * @return metrics side by side, differences, curves overlaid, confusion matrices, loss curves by each cost, KT4's
     *     curvature
     */
    public static Report comparing(List<Evaluation> evaluations, List<PairedComparison> paired, List<String> notes) {
        Page page = new Page("Comparison of " + evaluations.size() + " evaluations");
        notes.forEach(page::paragraph);
        page.tableOfColumns(ResultTable.of(evaluations), Palette.colours(evaluations));
        if (!paired.isEmpty()) {
            differences(page, evaluations, paired);
        }
        page.section("Predictions");
        page.figures(
                List.of(Plots.roc(evaluations), Plots.precisionRecall(evaluations), Plots.calibration(evaluations)),
                ONE_CLASS);
        List<Picture> tables = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            tables.add(ConfusionPicture.of(
                    evaluations.get(i).name(),
                    Palette.colours(evaluations).get(i),
                    evaluations.get(i).metrics().counts()));
        }
        page.pictures(tables);
        page.section("Training");
        if (evaluations.stream().anyMatch(e -> e.optimizer().equals("kt4"))) {
            page.paragraph("KT4 takes four gradients a step, AdamW one: per step KT4 costs about four times as much,"
                    + " and a fair comparison is by gradient evaluations or by seconds.");
        }
        training(page, evaluations);
        return of(page);
    }

    private static void differences(Page page, List<Evaluation> evaluations, List<PairedComparison> paired) {
        page.section("Differences");
        List<Integer> colours = Palette.colours(evaluations);
        page.tableOfColumns(PairedComparison.table(paired), colours.subList(1, colours.size()));
        page.paragraph("In brackets: 95 % percentile intervals of a paired bootstrap, which draws the same rows for"
                + " both. Of Brier score and calibration error less is better. McNemar's exact test asks whether both"
                + " are right equally often; in parentheses the rows that only the first named, and only the other,"
                + " predicts rightly.");
    }

    private static void curvature(Page page, List<Evaluation> evaluations) {
        List<Course> courses = Course.ofEvaluations(evaluations);
        if (CurvaturePlots.isKnown(courses)) {
            page.section("Curvature");
            page.paragraph(CurvaturePlots.EXPLANATION);
            page.figures(CurvaturePlots.of(courses), "");
        }
    }
}

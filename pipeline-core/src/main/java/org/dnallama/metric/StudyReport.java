package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** The report on a study of optimizers: three views, none of which alone is a comparison. */
public final class StudyReport {

    private static final String NO_CURVES = "No run of these came to an evaluation.";

    private StudyReport() {}

    /**
     * The report as a page.
     *
     * @param study what was run
     * @return HTML that needs nothing else
     */
    public static String html(Study study) {
        Page page = new Page("Optimizers compared: " + study.task());
        protocol(study).forEach(page::paragraph);
        List<Trial> steps = study.equalSteps();
        List<Trial> gradients = study.equalGradients();

        page.section("At equal gradient evaluations");
        page.paragraph("Every run saw as many rows forward and backward as %d gradients of a whole batch have: the same"
                        .formatted(study.budget().gradients())
                + " work for all. Each learning-rate schedule runs to the end of its own run.");
        view(page, gradients);
        page.figures(List.of(StudyPlots.lossByGradients(gradients), StudyPlots.lossBySeconds(gradients)), NO_CURVES);

        page.section("In seconds to a target");
        OptionalDouble target = study.target();
        if (target.isPresent()) {
            page.paragraph(targetText(study));
            page.tableOfRows(StudyTables.race(gradients, target.getAsDouble()), colours(gradients));
        } else {
            page.paragraph("There is no target: training failed somewhere in every trial.");
        }

        page.section("At equal steps");
        page.paragraph("Every run took %d steps with %d rows in a batch. This favours methods that take several"
                        .formatted(study.budget().steps(), study.budget().batchSize())
                + " gradients a step; it tells of the quality of a step and not of its price.");
        view(page, steps);
        page.figures(List.of(StudyPlots.lossBySteps(steps)), NO_CURVES);

        page.section("The search for learning rates");
        page.paragraph(
                "Held-out loss at each rate with the first seed. A rate chosen at the edge of its grid may have a"
                        + " better one beyond.");
        page.tableOfRows(StudyTables.search(all(study)), colours(all(study)));

        List<Course> courses = Course.ofTrials(gradients);
        if (CurvaturePlots.isKnown(courses)) {
            page.section("Curvature");
            page.paragraph(CurvaturePlots.EXPLANATION);
            page.figures(CurvaturePlots.of(courses), NO_CURVES);
        }
        return page.end();
    }

    /**
     * The tables for a terminal.
     *
     * @param study what was run
     * @return lines
     */
    public static String text(Study study) {
        StringBuilder text = new StringBuilder();
        text.append("At equal gradient evaluations\n");
        text.append(StudyTables.results(study.equalGradients()).toText());
        text.append(StudyTables.differences(study.equalGradients()).toText());
        if (study.target().isPresent()) {
            text.append('\n').append(targetText(study)).append('\n');
            text.append(StudyTables.race(study.equalGradients(), study.target().getAsDouble())
                    .toText());
        }
        text.append("\nAt equal steps\n");
        text.append(StudyTables.results(study.equalSteps()).toText());
        text.append(StudyTables.differences(study.equalSteps()).toText());
        return text.toString();
    }

    private static void view(Page page, List<Trial> trials) {
        page.tableOfRows(StudyTables.results(trials), colours(trials));
        page.paragraph("Differences in held-out loss, seed by seed; below zero is better than the control.");
        page.tableOfRows(StudyTables.differences(trials), colours(trials));
    }

    private static List<String> protocol(Study study) {
        Study.Budget budget = study.budget();
        String first =
                ("Each trial had the same budget: %d learning rates tried with the first seed, the best of them by"
                                + " held-out loss then run with all %d seeds. The loss of a run is its lowest on held-out rows,"
                                + " measured equally often in every run; test rows were not touched.")
                        .formatted(budget.rates(), budget.seeds());
        String second = ("The interval is a paired bootstrap over %d seeds. So few can tell little: it cannot be wider"
                        + " than the differences that were seen, and even if all seeds agree in sign, a sign test comes"
                        + " down to p = %s at best. Read an interval without zero as a hint, not as a proof.")
                .formatted(budget.seeds(), trimmed(Math.min(1, 2 * Math.pow(0.5, budget.seeds()))));
        String third = ("Seconds are those spent in training steps, measured within each run (%d %s a run), without"
                        + " loading, evaluation and checkpoints.")
                .formatted(budget.lanes(), budget.lanes() == 1 ? "thread" : "threads");
        return List.of(first, second, third);
    }

    private static String targetText(Study study) {
        return String.format(
                Locale.ROOT,
                "Target: a held-out loss of %.4f nats, %s. Runs of the view at equal gradient evaluations; means are"
                        + " over the runs that came there.",
                study.target().orElseThrow(),
                study.givenTarget().isPresent() ? "as configured" : "where the worst run of the first trial ended");
    }

    private static String trimmed(double p) {
        return String.format(Locale.ROOT, "%.2g", p);
    }

    private static List<Trial> all(Study study) {
        List<Trial> all = new ArrayList<>(study.equalGradients());
        study.equalSteps().stream().filter(trial -> !all.contains(trial)).forEach(all::add);
        return all;
    }

    private static List<Integer> colours(List<Trial> trials) {
        return Palette.coloursOf(trials.stream().map(Trial::optimizer).toList());
    }
}

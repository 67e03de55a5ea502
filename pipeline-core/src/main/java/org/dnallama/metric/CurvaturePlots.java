package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** What the stages of KT4 tell of the loss surface, step by step. */
final class CurvaturePlots {

    static final String EXPLANATION = "z is the curvature along the path of a step, in units of the step: how much the"
            + " gradient changes from stage to stage. Stage differences are the norms of these changes. Where z exceeds"
            + " the guard, a step falls back to AdamW's. In kt4-split the stages see different rows, so their"
            + " differences hold the noise of sampling too. Curves are moving averages.";

    private static final ToDoubleFunction<TrainingLog.Point> STEP = TrainingLog.Point::step;
    private static final String Z = "z";
    private static final String FALLBACK = "fallback";
    private static final String DIFFERENCE = "stageDifference";
    private static final int MOST_STAGES = 9;

    private CurvaturePlots() {}

    static boolean isKnown(List<Course> courses) {
        return courses.stream().anyMatch(course -> course.has(Z) || course.has(DIFFERENCE + 2));
    }

    /** z of all, stage differences of each, fallbacks of all. */
    static List<Optional<Plot>> of(List<Course> courses) {
        List<Optional<Plot>> plots = new ArrayList<>();
        plots.add(plot("Curvature z", "z", Z, courses));
        courses.forEach(course -> plots.add(differences(course)));
        plots.add(plot("Fallbacks", "part of the steps that fall back", FALLBACK, courses));
        return plots;
    }

    private static Optional<Plot> plot(String title, String label, String number, List<Course> courses) {
        List<Plot.Band> bands = new ArrayList<>();
        List<Plot.Series> series = new ArrayList<>();
        for (Course course : courses) {
            // A running count needs no smoothing.
            Course.Curve curve = course.smoothed(number, STEP);
            if (!curve.mean().isEmpty()) {
                bands.addAll(course.bands(curve));
                series.add(course.series(course.name(), Plot.Mark.LINE, curve));
            }
        }
        return Plots.overZero(title, "training steps", label, bands, series);
    }

    private static Optional<Plot> differences(Course course) {
        List<Plot.Series> series = new ArrayList<>();
        for (int stage = 2; stage <= MOST_STAGES && course.has(DIFFERENCE + stage); stage++) {
            series.add(new Plot.Series(
                    "stage " + stage + " - " + (stage - 1),
                    course.colour(),
                    (stage - 2) % Palette.DASHES.size(),
                    Plot.Mark.LINE,
                    course.smoothed(DIFFERENCE + stage, STEP).mean()));
        }
        return Plots.overZero(
                "Stage differences: " + course.name(), "training steps", "norm of the difference", List.of(), series);
    }
}

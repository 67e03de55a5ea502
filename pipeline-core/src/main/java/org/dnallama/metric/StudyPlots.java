package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The plots of a study. */
final class StudyPlots {

    private StudyPlots() {}

    static Optional<Plot> lossBySteps(List<Trial> trials) {
        return loss(trials, "Held-out loss by training steps", "training steps", trial -> TrainingLog.Point::step);
    }

    static Optional<Plot> lossByGradients(List<Trial> trials) {
        return loss(
                trials,
                "Held-out loss by gradient evaluations",
                "gradient evaluations of a whole batch",
                trial -> trial::gradients);
    }

    static Optional<Plot> lossBySeconds(List<Trial> trials) {
        return loss(
                trials,
                "Held-out loss by training seconds",
                "training seconds",
                trial -> TrainingLog.Point::elapsedSeconds);
    }

    private static Optional<Plot> loss(
            List<Trial> trials, String title, String label, Function<Trial, ToDoubleFunction<TrainingLog.Point>> cost) {
        List<Course> courses = Course.ofTrials(trials);
        List<Plot.Band> bands = new ArrayList<>();
        List<Plot.Series> series = new ArrayList<>();
        for (int i = 0; i < courses.size(); i++) {
            Course course = courses.get(i);
            Course.Curve curve = course.heldOut(cost.apply(trials.get(i)));
            if (!curve.mean().isEmpty()) {
                bands.addAll(course.bands(curve));
                series.add(course.series(course.name(), Plot.Mark.LINE, curve));
            }
        }
        return framed(title, label, bands, series);
    }

    // The first fall of the loss, or a method far behind, would press all other differences together: what is above the
    // middle one after a fifth of the run leaves the frame.
    private static Optional<Plot> framed(String title, String label, List<Plot.Band> bands, List<Plot.Series> series) {
        if (series.isEmpty()) {
            return Optional.empty();
        }
        double[] early = series.stream()
                .mapToDouble(
                        curve -> curve.points().get(curve.points().size() / 5).y())
                .sorted()
                .toArray();
        double high = early[early.length / 2];
        double low = Stream.concat(
                        series.stream().map(Plot.Series::points), bands.stream().map(Plot.Band::low))
                .flatMap(List::stream)
                .mapToDouble(Plot.Point::y)
                .min()
                .orElseThrow();
        Extent extent = Extent.of(series).between(low, high);
        return Optional.of(new Plot(title, extent.x(label), extent.y("held-out loss, nats"), bands, series));
    }
}

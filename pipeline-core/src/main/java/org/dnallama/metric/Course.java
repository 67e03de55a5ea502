package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Runs that are shown as one curve: their mean, and a band from the lowest to the highest.
 *
 * @param name for the legend
 * @param colour index into {@link Palette}
 * @param dash index of a dash pattern
 * @param logs of the runs, with the same steps
 */
record Course(String name, int colour, int dash, List<TrainingLog> logs) {

    private static final int MOST_POINTS = 200;

    Course {
        logs = List.copyOf(logs);
    }

    /** A curve for each evaluation. */
    static List<Course> ofEvaluations(List<Evaluation> evaluations) {
        List<Integer> colours = Palette.colours(evaluations);
        List<Integer> dashes = Palette.dashes(evaluations);
        List<Course> courses = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation evaluation = evaluations.get(i);
            courses.add(new Course(evaluation.name(), colours.get(i), dashes.get(i), List.of(evaluation.log())));
        }
        return courses;
    }

    /** A curve for each trial: its runs with the best learning rate. */
    static List<Course> ofTrials(List<Trial> trials) {
        List<String> optimizers = trials.stream().map(Trial::optimizer).toList();
        List<Integer> colours = Palette.coloursOf(optimizers);
        List<Integer> dashes = Palette.dashesOf(optimizers);
        List<Course> courses = new ArrayList<>();
        for (int i = 0; i < trials.size(); i++) {
            List<TrainingLog> logs =
                    trials.get(i).confirmed().stream().map(StudyRun::log).toList();
            courses.add(new Course(trials.get(i).name(), colours.get(i), dashes.get(i), logs));
        }
        return courses;
    }

    boolean has(String number) {
        return logs.stream().anyMatch(log -> !log.of(number).isEmpty());
    }

    /** The held-out loss. */
    Curve heldOut(ToDoubleFunction<TrainingLog.Point> cost) {
        return Curve.of(logs.stream().map(TrainingLog::heldOut).toList(), cost);
    }

    /** A noisy number: each run's moving average. */
    Curve smoothed(String number, ToDoubleFunction<TrainingLog.Point> cost) {
        return Curve.of(
                logs.stream()
                        .map(log -> Plots.thinned(Plots.smoothed(log.of(number)), MOST_POINTS))
                        .toList(),
                cost);
    }

    /** The curve as a series. */
    Plot.Series series(String label, Plot.Mark mark, Curve curve) {
        return new Plot.Series(label, colour, dash, mark, curve.mean());
    }

    /**
     * Mean and range of runs.
     *
     * @param mean over runs
     * @param low lowest of the runs
     * @param high highest of the runs
     */
    record Curve(List<Plot.Point> mean, List<Plot.Point> low, List<Plot.Point> high) {

        private static Curve of(List<List<TrainingLog.Point>> runs, ToDoubleFunction<TrainingLog.Point> cost) {
            List<List<TrainingLog.Point>> whole =
                    runs.stream().filter(run -> !run.isEmpty()).toList();
            int length = whole.stream().mapToInt(List::size).min().orElse(0);
            Curve curve = new Curve(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < length; i++) {
                int at = i;
                double x = Spread.of(whole.stream()
                                .map(run -> cost.applyAsDouble(run.get(at)))
                                .toList())
                        .mean();
                Spread y =
                        Spread.of(whole.stream().map(run -> run.get(at).value()).toList());
                curve.mean.add(new Plot.Point(x, y.mean()));
                curve.low.add(new Plot.Point(x, y.least()));
                curve.high.add(new Plot.Point(x, y.most()));
            }
            return curve;
        }
    }

    /** The range of several runs as an area; of one run there is none. */
    List<Plot.Band> bands(Curve curve) {
        return logs.size() < 2 || curve.mean.isEmpty()
                ? List.of()
                : List.of(new Plot.Band(colour, curve.low, curve.high));
    }
}

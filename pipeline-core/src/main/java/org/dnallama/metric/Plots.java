package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.ToDoubleFunction;

/** The plots of a report. Evaluations without the data for a curve are left out of that plot. */
final class Plots {

    private static final int MOST_LOSS_POINTS = 400;

    /** What a loss is plotted against. */
    enum Cost {
        /** Optimizer steps. */
        STEPS("training steps", TrainingLog.Point::step),
        /** Gradients computed. */
        GRADIENT_EVALUATIONS("gradient evaluations", TrainingLog.Point::gradientEvaluations),
        /** Time. */
        SECONDS("seconds", TrainingLog.Point::elapsedSeconds);

        private final String label;
        private final ToDoubleFunction<TrainingLog.Point> of;

        Cost(String label, ToDoubleFunction<TrainingLog.Point> of) {
            this.label = label;
            this.of = of;
        }
    }

    private Plots() {}

    static Optional<Plot> roc(List<Evaluation> evaluations) {
        List<Integer> colours = Palette.colours(evaluations);
        List<Integer> dashes = Palette.dashes(evaluations);
        List<Plot.Series> series = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation evaluation = evaluations.get(i);
            if (evaluation.metrics().roc().isPresent()) {
                RocCurve curve = evaluation.metrics().roc().get();
                List<Plot.Point> points = curve.points().stream()
                        .map(p -> new Plot.Point(p.falsePositiveRate(), p.truePositiveRate()))
                        .toList();
                String name = evaluation.name() + area(", AUROC", curve.auroc());
                series.add(new Plot.Series(name, colours.get(i), dashes.get(i), Plot.Mark.LINE, points));
            }
        }
        List<Plot.Point> diagonal = List.of(new Plot.Point(0, 0), new Plot.Point(1, 1));
        return unitSquare(
                "ROC", "false positive rate", "true positive rate (recall)", List.of(), "chance", diagonal, series);
    }

    static Optional<Plot> precisionRecall(List<Evaluation> evaluations) {
        List<Integer> colours = Palette.colours(evaluations);
        List<Integer> dashes = Palette.dashes(evaluations);
        List<Plot.Series> series = new ArrayList<>();
        double prevalence = 0;
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation evaluation = evaluations.get(i);
            if (evaluation.metrics().precisionRecall().isPresent()) {
                PrecisionRecallCurve curve =
                        evaluation.metrics().precisionRecall().get();
                String name = evaluation.name() + area(", AUPRC", curve.auprc());
                series.add(new Plot.Series(name, colours.get(i), dashes.get(i), Plot.Mark.LINE, stairs(curve)));
                // At the lowest threshold everything is predicted positive.
                prevalence = curve.points().get(curve.points().size() - 1).precision();
            }
        }
        List<Plot.Point> chance = List.of(new Plot.Point(0, prevalence), new Plot.Point(1, prevalence));
        return unitSquare("Precision and recall", "recall", "precision", List.of(), "chance", chance, series);
    }

    static Optional<Plot> calibration(List<Evaluation> evaluations) {
        List<Integer> colours = Palette.colours(evaluations);
        List<Integer> dashes = Palette.dashes(evaluations);
        List<Plot.Series> series = new ArrayList<>();
        List<Plot.Band> bands = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation evaluation = evaluations.get(i);
            Optional<Calibration> known = Calibration.of(evaluation.metrics().ranked());
            if (known.isPresent()) {
                List<Plot.Point> points = new ArrayList<>();
                List<Plot.Point> low = new ArrayList<>();
                List<Plot.Point> high = new ArrayList<>();
                for (Calibration.Bin bin : known.get().bins()) {
                    Calibration.Range likely = bin.likely();
                    points.add(new Plot.Point(bin.meanScore(), bin.positiveFraction()));
                    low.add(new Plot.Point(bin.meanScore(), likely.low()));
                    high.add(new Plot.Point(bin.meanScore(), likely.high()));
                }
                String name = evaluation.name() + area(", error", known.get().error());
                series.add(new Plot.Series(name, colours.get(i), dashes.get(i), Plot.Mark.DOTTED, points));
                bands.add(new Plot.Band(colours.get(i), low, high));
            }
        }
        List<Plot.Point> diagonal = List.of(new Plot.Point(0, 0), new Plot.Point(1, 1));
        return unitSquare("Calibration", "mean score", "part of class 1", bands, "calibrated", diagonal, series);
    }

    static Optional<Plot> loss(List<Evaluation> evaluations, Cost cost) {
        List<Integer> colours = Palette.colours(evaluations);
        List<Integer> dashes = Palette.dashes(evaluations);
        List<Plot.Series> series = new ArrayList<>();
        for (int i = 0; i < evaluations.size(); i++) {
            Evaluation evaluation = evaluations.get(i);
            List<TrainingLog.Point> training = thinned(smoothed(evaluation.log().training()), MOST_LOSS_POINTS);
            List<TrainingLog.Point> heldOut = evaluation.log().heldOut();
            add(
                    series,
                    evaluation.name() + ", training",
                    colours.get(i),
                    Plot.Mark.PALE,
                    dashes.get(i),
                    training,
                    cost);
            add(series, evaluation.name() + ", dev", colours.get(i), Plot.Mark.DOTTED, dashes.get(i), heldOut, cost);
        }
        if (series.isEmpty()) {
            return Optional.empty();
        }
        Extent extent = Extent.of(series);
        return Optional.of(
                new Plot("Loss by " + cost.label, extent.x(cost.label), extent.y("loss, nats"), List.of(), series));
    }

    // Exponential moving average without a bias at the start; its window grows with the length of the run.
    static List<TrainingLog.Point> smoothed(List<TrainingLog.Point> points) {
        double keep = 1 - 1 / Math.max(1, points.size() / 25.0);
        double sum = 0;
        double weight = 0;
        List<TrainingLog.Point> smoothed = new ArrayList<>();
        for (TrainingLog.Point p : points) {
            sum = keep * sum + p.value();
            weight = keep * weight + 1;
            smoothed.add(new TrainingLog.Point(p.step(), p.gradientEvaluations(), p.elapsedSeconds(), sum / weight));
        }
        return smoothed;
    }

    static List<TrainingLog.Point> thinned(List<TrainingLog.Point> points, int most) {
        int stride = (points.size() + most - 1) / most;
        List<TrainingLog.Point> thinned = new ArrayList<>();
        for (int i = 0; i < points.size(); i++) {
            if (i % stride == 0 || i == points.size() - 1) {
                thinned.add(points.get(i));
            }
        }
        return thinned;
    }

    private static void add(
            List<Plot.Series> series,
            String name,
            int colour,
            Plot.Mark mark,
            int dash,
            List<TrainingLog.Point> points,
            Cost cost) {
        if (!points.isEmpty()) {
            List<Plot.Point> curve = points.stream()
                    .map(p -> new Plot.Point(cost.of.applyAsDouble(p), p.value()))
                    .toList();
            series.add(new Plot.Series(name, colour, dash, mark, curve));
        }
    }

    // Average precision is the area under stairs, so stairs are what is drawn.
    private static List<Plot.Point> stairs(PrecisionRecallCurve curve) {
        List<Plot.Point> stairs = new ArrayList<>();
        double before = 0;
        for (PrecisionRecallCurve.Point point : curve.points()) {
            stairs.add(new Plot.Point(before, point.precision()));
            stairs.add(new Plot.Point(point.recall(), point.precision()));
            before = point.recall();
        }
        return stairs;
    }

    private static Optional<Plot> unitSquare(
            String title,
            String x,
            String y,
            List<Plot.Band> bands,
            String referenceName,
            List<Plot.Point> reference,
            List<Plot.Series> series) {
        if (series.isEmpty()) {
            return Optional.empty();
        }
        List<Plot.Series> all = new ArrayList<>();
        all.add(new Plot.Series(referenceName, 0, 1, Plot.Mark.REFERENCE, reference));
        all.addAll(series);
        return Optional.of(new Plot(title, new Plot.Axis(x, 0, 1), new Plot.Axis(y, 0, 1), bands, all));
    }

    /** Curves from the first step, over an axis that shows zero. */
    static Optional<Plot> overZero(String title, String x, String y, List<Plot.Band> bands, List<Plot.Series> series) {
        if (series.isEmpty()) {
            return Optional.empty();
        }
        Extent extent = Extent.of(series);
        Extent withZero = extent.between(Math.min(0, extent.lowY()), Math.max(0, extent.highY()));
        return Optional.of(new Plot(title, extent.x(x), withZero.y(y), bands, series));
    }

    private static String area(String name, double value) {
        return String.format(Locale.ROOT, "%s %.3f", name, value);
    }
}

package org.dnallama.metric;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The figures of a study, for page and terminal. */
final class StudyTables {

    private static final String NONE = "-";

    private StudyTables() {}

    /** The searched rates and the loss of each. */
    static ResultTable search(List<Trial> trials) {
        int most =
                trials.stream().mapToInt(trial -> trial.search().size()).max().orElse(0);
        List<String> header = new ArrayList<>(List.of("", "steps"));
        for (int i = 1; i <= most; i++) {
            header.add("rate " + i);
        }
        header.add("chosen");
        return table(header, trials, trial -> {
            List<String> cells = new ArrayList<>(List.of(Long.toString(trial.steps())));
            for (StudyRun run : trial.search()) {
                cells.add(rate(run.learningRate()) + ": "
                        + (Double.isFinite(run.bestLoss()) ? loss(run.bestLoss()) : "failed"));
            }
            while (cells.size() <= most) {
                cells.add(NONE);
            }
            cells.add(chosen(trial) + (trial.isAtEdge() ? ", at the edge" : ""));
            return cells;
        });
    }

    /** Loss, and what was spent, over seeds. */
    static ResultTable results(List<Trial> trials) {
        List<String> header = new ArrayList<>(
                List.of("", "rate", "steps", "gradients", "loss, mean ± sd", "from", "to", "seconds", "ms a gradient"));
        boolean classifies = trials.stream().anyMatch(trial -> mcc(trial).isPresent());
        if (classifies) {
            header.add("best MCC, mean ± sd");
        }
        return table(header, trials, trial -> {
            Optional<Spread> loss = trial.loss();
            Optional<Spread> seconds = trial.spread(run -> spent(run, TrainingLog.Point::elapsedSeconds));
            Optional<Spread> gradients = trial.spread(run -> spent(run, trial::gradients));
            List<String> cells = new ArrayList<>(List.of(
                    chosen(trial),
                    Long.toString(trial.steps()),
                    gradients.map(spread -> "%.0f".formatted(spread.mean())).orElse(NONE),
                    loss.map(StudyTables::meanAndSd).orElse("failed"),
                    loss.map(spread -> loss(spread.least())).orElse(NONE),
                    loss.map(spread -> loss(spread.most())).orElse(NONE),
                    seconds.map(StudyTables::seconds).orElse(NONE),
                    seconds.map(spread -> number(
                                    "%.1f",
                                    1000
                                            * spread.mean()
                                            / gradients.orElseThrow().mean()))
                            .orElse(NONE)));
            if (classifies) {
                cells.add(mcc(trial).map(StudyTables::meanAndSd).orElse(NONE));
            }
            return cells;
        });
    }

    /** Differences in loss to the controls. */
    static ResultTable differences(List<Trial> trials) {
        List<Trial> controls = Study.controls(trials);
        List<String> header = new ArrayList<>(List.of(""));
        for (Trial control : controls) {
            header.add("minus " + control.name());
            header.add("95 % interval");
            header.add("seeds below");
        }
        return table(header, trials, trial -> {
            List<String> cells = new ArrayList<>();
            for (Trial control : controls) {
                Optional<PairedBootstrap> difference = trial == control ? Optional.empty() : trial.minus(control);
                cells.add(difference.map(d -> number("%+.4f", d.mean())).orElse(NONE));
                cells.add(difference
                        .map(d -> "%s to %s".formatted(number("%+.4f", d.low()), number("%+.4f", d.high())))
                        .orElse(NONE));
                cells.add(difference
                        .map(d -> "%d of %d".formatted(d.below(), d.count()))
                        .orElse(NONE));
            }
            return cells;
        });
    }

    /** What it took to come down to the target. */
    static ResultTable race(List<Trial> trials, double target) {
        List<String> header = List.of("", "runs there", "steps", "gradients", "seconds, mean ± sd", "from", "to");
        return table(header, trials, trial -> {
            List<Double> seconds = arrivals(trial, target, TrainingLog.Point::elapsedSeconds);
            Optional<Spread> spread = seconds.isEmpty() ? Optional.empty() : Optional.of(Spread.of(seconds));
            return List.of(
                    "%d of %d".formatted(seconds.size(), trial.confirmed().size()),
                    mean(arrivals(trial, target, TrainingLog.Point::step)),
                    mean(arrivals(trial, target, trial::gradients)),
                    spread.map(StudyTables::seconds).orElse(NONE),
                    spread.map(s -> number("%.1f", s.least())).orElse(NONE),
                    spread.map(s -> number("%.1f", s.most())).orElse(NONE));
        });
    }

    /** What those runs that reached the target had spent by then. */
    static List<Double> arrivals(Trial trial, double target, ToDoubleFunction<TrainingLog.Point> cost) {
        return trial.confirmed().stream()
                .map(run -> run.costTo(target, cost))
                .filter(OptionalDouble::isPresent)
                .map(OptionalDouble::getAsDouble)
                .toList();
    }

    /** The MCC over seeds. */
    static Optional<Spread> mcc(Trial trial) {
        return trial.spread(StudyRun::bestMcc);
    }

    /** What a run spent in all. */
    static OptionalDouble spent(StudyRun run, ToDoubleFunction<TrainingLog.Point> cost) {
        return run.log()
                .last()
                .map(point -> OptionalDouble.of(cost.applyAsDouble(point)))
                .orElse(OptionalDouble.empty());
    }

    private static ResultTable table(List<String> header, List<Trial> trials, Function<Trial, List<String>> cells) {
        List<List<String>> rows = new ArrayList<>();
        for (Trial trial : trials) {
            List<String> row = new ArrayList<>(List.of(trial.name()));
            row.addAll(cells.apply(trial));
            rows.add(row);
        }
        return new ResultTable(header, rows);
    }

    private static String chosen(Trial trial) {
        OptionalDouble rate = trial.learningRate();
        return rate.isPresent() ? rate(rate.getAsDouble()) : "none";
    }

    private static String mean(List<Double> values) {
        return values.isEmpty() ? NONE : number("%.0f", Spread.of(values).mean());
    }

    private static String meanAndSd(Spread spread) {
        return "%s ± %s".formatted(loss(spread.mean()), loss(spread.sd()));
    }

    private static String seconds(Spread spread) {
        return "%s ± %s".formatted(number("%.1f", spread.mean()), number("%.1f", spread.sd()));
    }

    private static String rate(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    private static String loss(double loss) {
        return number("%.4f", loss);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}

package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A study for other programs. */
public final class StudyJson {

    private StudyJson() {}

    /**
     * Everything but the curves.
     *
     * @param study what was run
     * @return task, budget, target, and the trials of both views with runs, spreads and differences to every other
     */
    public static ObjectNode of(Study study) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("task", study.task());
        Study.Budget budget = study.budget();
        json.putObject("budget")
                .put("steps", budget.steps())
                .put("gradientEvaluations", budget.gradients())
                .put("batchSize", budget.batchSize())
                .put("learningRates", budget.rates())
                .put("seeds", budget.seeds())
                .put("lanes", budget.lanes());
        put(json, "targetLossNats", study.target());
        view(json.putArray("equalGradientEvaluations"), study.equalGradients(), study.target());
        view(json.putArray("equalSteps"), study.equalSteps(), OptionalDouble.empty());
        return json;
    }

    private static void view(ArrayNode array, List<Trial> trials, OptionalDouble target) {
        for (Trial trial : trials) {
            ObjectNode json = array.addObject().put("name", trial.name()).put("optimizer", trial.optimizer());
            json.put("steps", trial.steps());
            put(json, "learningRate", trial.learningRate());
            json.put("atEdgeOfGrid", trial.isAtEdge());
            put(json, "lossNats", trial.loss());
            put(json, "mcc", StudyTables.mcc(trial));
            put(
                    json,
                    "trainingSeconds",
                    trial.spread(run -> StudyTables.spent(run, TrainingLog.Point::elapsedSeconds)));
            if (target.isPresent()) {
                List<Double> seconds =
                        StudyTables.arrivals(trial, target.getAsDouble(), TrainingLog.Point::elapsedSeconds);
                json.put("runsAtTarget", seconds.size());
                put(json, "secondsToTarget", seconds.isEmpty() ? Optional.empty() : Optional.of(Spread.of(seconds)));
            }
            ArrayNode differences = json.putArray("differences");
            trials.stream()
                    .filter(other -> other != trial)
                    .forEach(other -> trial.minus(other)
                            .ifPresent(difference ->
                                    difference(differences.addObject().put("minus", other.name()), difference)));
            ArrayNode runs = json.putArray("runs");
            trial.runs().forEach(run -> run(runs.addObject(), trial, run));
        }
    }

    private static void difference(ObjectNode json, PairedBootstrap difference) {
        json.put("meanNats", difference.mean())
                .put("lowNats", difference.low())
                .put("highNats", difference.high())
                .put("seedsBelowZero", difference.below())
                .put("seeds", difference.count());
    }

    private static void run(ObjectNode json, Trial trial, StudyRun run) {
        json.put("learningRate", run.learningRate()).put("seed", run.seed());
        run.failure().ifPresent(failure -> json.put("failure", failure));
        put(
                json,
                "lossNats",
                Double.isFinite(run.bestLoss()) ? OptionalDouble.of(run.bestLoss()) : OptionalDouble.empty());
        put(json, "mcc", run.bestMcc());
        put(json, "gradientEvaluations", StudyTables.spent(run, trial::gradients));
        put(json, "trainingSeconds", StudyTables.spent(run, TrainingLog.Point::elapsedSeconds));
    }

    private static void put(ObjectNode json, String name, OptionalDouble value) {
        json.put(name, value.isPresent() ? Double.valueOf(value.getAsDouble()) : null);
    }

    private static void put(ObjectNode json, String name, Optional<Spread> spread) {
        if (spread.isEmpty()) {
            json.putNull(name);
            return;
        }
        Spread known = spread.get();
        json.putObject(name)
                .put("mean", known.mean())
                .put("sd", known.sd())
                .put("least", known.least())
                .put("most", known.most())
                .put("count", known.count());
    }
}

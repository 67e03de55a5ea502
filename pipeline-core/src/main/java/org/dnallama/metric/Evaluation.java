package org.dnallama.metric;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One evaluated model.
 *
 * @param name what to call it in tables and legends
 * @param optimizer what trained it, such as {@code adamw}
 * @param metrics what its predictions are worth
 * @param log how its training went
 */
public record Evaluation(String name, String optimizer, BinaryMetrics metrics, TrainingLog log) {

    /**
     * Names evaluations for a report: by optimizer, and by their own names where optimizers repeat.
     *
     * @param evaluations any number
     * @return the same ones in the same order, renamed
     */
    public static List<Evaluation> named(List<Evaluation> evaluations) {
        boolean distinct =
                evaluations.stream().map(Evaluation::optimizer).distinct().count() == evaluations.size();
        List<Evaluation> named = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            String name = distinct ? evaluation.optimizer : evaluation.optimizer + " (" + evaluation.name + ")";
            named.add(new Evaluation(name, evaluation.optimizer, evaluation.metrics, evaluation.log));
        }
        return named;
    }

    /**
     * Everything but the curves.
     *
     * @return name, optimizer, the keys of {@link BinaryMetrics#toJson()}, and trainingSteps, gradientEvaluations and
     *     trainingSeconds, null when there is no log
     */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("optimizer", optimizer);
        json.setAll(metrics.toJson());
        Optional<TrainingLog.Point> spent = log.last();
        json.put("trainingSteps", spent.map(TrainingLog.Point::step).orElse(null));
        json.put(
                "gradientEvaluations",
                spent.map(TrainingLog.Point::gradientEvaluations).orElse(null));
        json.put("trainingSeconds", spent.map(TrainingLog.Point::elapsedSeconds).orElse(null));
        return json;
    }
}

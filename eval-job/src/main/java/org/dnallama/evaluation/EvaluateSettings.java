package org.dnallama.evaluation;

import java.util.List;
import java.util.Optional;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;

/**
 * What the section {@code evaluate} says.
 *
 * @param model the checkpoint
 * @param scoring how rows are scored
 * @param data the rows
 * @param dev rows that a threshold is chosen on
 * @param audit folder of an audit that has looked at the rows
 * @param published what others have reached
 * @param hits how many sequences that were found are looked into
 * @param output folder of the result
 * @param threshold the least score that predicts class 1
 * @param bootstrap how sure the metrics are
 * @param partitions tasks that rows and resamples are shared out to
 * @param config all of it as JSON text, for provenance
 */
record EvaluateSettings(
        String model,
        Scoring scoring,
        String data,
        Optional<String> dev,
        Optional<String> audit,
        Optional<Published> published,
        int hits,
        String output,
        double threshold,
        Bootstrap.Plan bootstrap,
        int partitions,
        String config) {

    /**
     * How rows are scored.
     *
     * @param ensemble more checkpoints
     * @param strands which strands
     * @param tooLong what is done with a sequence beyond the context
     * @param backend what computes
     * @param batchSize sequences that are scored at once
     */
    record Scoring(List<String> ensemble, Ensemble.Strands strands, TooLong tooLong, Backends backend, int batchSize) {}

    /**
     * Figures of others.
     *
     * @param file CSV
     * @param task whose rows are shown
     */
    record Published(String file, String task) {}

    /**
     * Reads and checks the section.
     *
     * @param settings the layered configuration
     * @return valid settings
     * @throws org.dnallama.config.ConfigException with all errors
     */
    static EvaluateSettings of(Settings settings) {
        EvaluateSettings all = new EvaluateSettings(
                settings.text("evaluate.model"),
                new Scoring(
                        settings.texts("evaluate.ensemble"),
                        settings.choice("evaluate.strands", Ensemble.Strands.class),
                        settings.choice("evaluate.tooLong", TooLong.class),
                        settings.choice("compute.backend", Backends.class),
                        settings.integer("evaluate.batchSize", 1)),
                settings.text("evaluate.data"),
                settings.optionalText("evaluate.dev"),
                settings.optionalText("evaluate.audit"),
                settings.optionalText("evaluate.published.file")
                        .map(file -> new Published(file, settings.text("evaluate.published.task"))),
                settings.integer("evaluate.hits", 0),
                settings.text("evaluate.output"),
                settings.real("evaluate.threshold", 0, 1),
                new Bootstrap.Plan(settings.integer("evaluate.resamples", 0), settings.longInteger("seed")),
                settings.integer("evaluate.partitions", 1),
                settings.effective("seed", "compute", "evaluate"));
        settings.check();
        return all;
    }
}

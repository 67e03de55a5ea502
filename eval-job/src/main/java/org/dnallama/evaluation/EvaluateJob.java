package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.metric.BestThreshold;
import org.dnallama.metric.BinaryMetrics;
import org.dnallama.metric.ConfidenceInterval;
import org.dnallama.metric.Evaluation;
import org.dnallama.metric.Findings;
import org.dnallama.metric.Metric;
import org.dnallama.metric.Part;
import org.dnallama.metric.Report;
import org.dnallama.metric.Saliency;
import org.dnallama.metric.ScoredRows;
import org.dnallama.metric.TrainingLog;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.TaskProgress;

/**
 * Scores rows and judges the scores.
 *
 * @param spark where
 * @param wanted what the user set
 * @param inputs what is read
 * @param scorers opens checkpoints
 * @param artefact where results go
 */
record EvaluateJob(
        SparkSession spark,
        EvaluateSettings wanted,
        EvaluationInputs inputs,
        Function<EvaluateSettings.Scoring, Scorer.Factory> scorers,
        Artefact artefact) {

    private static final String PREDICTIONS = "predictions";
    private static final String DEV_PREDICTIONS = "predictions-dev";

    /** All of it, but for the publishing. */
    List<Part> run(ObjectNode manifest) throws IOException {
        Dataset<Row> predictions = predictions(inputs.test(), PREDICTIONS);
        List<Part> parts = parts(predictions);
        writeMetrics(parts);
        List<Saliency> hits = hits(predictions);
        Images.write(
                artefact,
                Report.of(new Findings(
                        evaluation(parts.get(0)),
                        parts,
                        wanted.bootstrap().resamples(),
                        inputs.published(),
                        hits,
                        inputs.provenance(manifest, spark.version()),
                        wanted.config())));
        return parts;
    }

    private List<Part> parts(Dataset<Row> predictions) throws IOException {
        List<Part> parts = new ArrayList<>();
        ScoredRows all = Predictions.rows(List.of(predictions));
        parts.add(Part.all(metrics(all, wanted.threshold()), intervals(all, wanted.threshold())));
        OptionalDouble chosen = devThreshold();
        if (chosen.isPresent()) {
            double threshold = chosen.getAsDouble();
            parts.add(Part.atDevThreshold(metrics(all, threshold), intervals(all, threshold)));
        }
        if (inputs.audit().isPresent()) {
            AuditedSubsets subsets = AuditedSubsets.open(spark, inputs.audit().get(), inputs.test());
            parts.add(subset("leakFree", "leak-free", subsets.leakFree(predictions)));
            parts.add(subset("twinFree", "twin-free", subsets.twinFree(predictions)));
        }
        return parts;
    }

    private Part subset(String key, String title, Dataset<Row> predictions) {
        ScoredRows rows = Predictions.rows(List.of(predictions));
        return new Part(key, title, metrics(rows, wanted.threshold()), intervals(rows, wanted.threshold()));
    }

    private OptionalDouble devThreshold() throws IOException {
        if (inputs.dev().isEmpty()) {
            return OptionalDouble.empty();
        }
        Dataset<Row> dev = predictions(inputs.dev().get(), DEV_PREDICTIONS);
        OptionalDouble chosen = BestThreshold.of(Predictions.rows(List.of(dev)).ranked(0));
        if (chosen.isEmpty()) {
            System.err.println("warning: " + inputs.dev().get().place()
                    + ": no threshold can be chosen on it, as MCC is undefined at each; give rows of both classes in"
                    + " evaluate.dev");
        }
        return chosen;
    }

    private static BinaryMetrics metrics(ScoredRows rows, double threshold) {
        return BinaryMetrics.of(rows.ranked(0), threshold);
    }

    private Map<Metric, ConfidenceInterval> intervals(ScoredRows rows, double threshold) {
        return new Bootstrap(spark, wanted.bootstrap(), wanted.partitions()).intervals(rows, threshold);
    }

    private Dataset<Row> predictions(LabelledData data, String name) throws IOException {
        EvaluateSettings.Scoring scoring = wanted.scoring();
        ScoringTask task = new ScoringTask(
                new Ensemble(scorers.apply(scoring), scoring.ensemble(), scoring.strands()),
                wanted.model(),
                hadoop(),
                scoring.batchSize());
        Path folder = new Path(artefact.folder(), name);
        try (TaskProgress progress = TaskProgress.show(spark, data.split().label(), wanted.partitions())) {
            Predictions.write(spark, data.rows(spark, wanted.partitions()).mapPartitions(task), folder);
            progress.complete();
        }
        return Predictions.read(spark, folder.toString());
    }

    /** Of an ensemble the first member is looked into. */
    private List<Saliency> hits(Dataset<Row> predictions) throws IOException {
        Map<String, Double> best = Hits.best(predictions, wanted.threshold(), wanted.hits());
        if (best.isEmpty()) {
            return List.of();
        }
        List<Saliency> hits = new Hits(scorers.apply(wanted.scoring()), wanted.model(), hadoop(), best)
                .of(inputs.test().rows(spark, wanted.partitions()));
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        hits.forEach(hit -> json.add(hit.toJson()));
        artefact.write("saliency.json", json.toPrettyString() + "\n");
        return hits;
    }

    private SerializableConfiguration hadoop() {
        return new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
    }

    private void writeMetrics(List<Part> parts) throws IOException {
        ObjectNode metrics = parts.get(0).toJson().put("optimizer", inputs.optimizer());
        ObjectNode others = metrics.putObject("parts");
        parts.stream().skip(1).forEach(part -> others.set(part.key(), part.toJson()));
        String folder = new Path(artefact.folder(), PREDICTIONS).toString();
        metrics.put("tooLong", Predictions.tooLong(spark, folder));
        artefact.write("metrics.json", metrics.toPrettyString() + "\n");
    }

    private Evaluation evaluation(Part all) throws IOException {
        String log = inputs.model().text("metrics.jsonl");
        artefact.write("training.jsonl", log);
        TrainingLog training = TrainingLog.parse(log, inputs.model().path() + "/metrics.jsonl");
        return new Evaluation(inputs.optimizer(), inputs.optimizer(), all.metrics(), training);
    }
}

package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.metric.BinaryMetrics;
import org.dnallama.metric.CurvesImage;
import org.dnallama.metric.Evaluation;
import org.dnallama.metric.Metric;
import org.dnallama.metric.PairedComparison;
import org.dnallama.metric.Report;
import org.dnallama.metric.ResultTable;
import org.dnallama.metric.ScoredRows;
import org.dnallama.metric.TrainingLog;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;

/** Evaluations side by side. */
final class EvaluationComparison {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EvaluationComparison() {}

    static int run(List<String> paths, String output, Bootstrap.Plan plan, JobOptions.Existing existing)
            throws IOException {
        try (SparkSession spark = Sessions.open("compare")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            List<Folder> folders = folders(paths, hadoop);
            ObjectNode manifest = manifest(folders);
            String identity = "compare\n" + manifest.get("inputs") + "\nbootstrap " + plan;
            Optional<Artefact> artefact = Artefact.open(output, identity, existing, hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            List<Evaluation> evaluations = new ArrayList<>();
            folders.forEach(folder -> evaluations.add(evaluation(spark, folder)));
            List<Evaluation> named = Evaluation.named(evaluations);
            List<String> notes = notes(folders);
            List<PairedComparison> paired = notes.isEmpty() ? paired(spark, folders, named, plan) : List.of();
            write(artefact.get(), named, paired, notes);
            artefact.get().publish(manifest);
            System.out.print(ResultTable.of(named).toText());
            if (!paired.isEmpty()) {
                System.out.print("\n" + PairedComparison.table(paired).toText());
            }
            System.out.println("report: " + output + "/report.html");
            return Commands.DONE;
        }
    }

    /** Each evaluation but the first beside the first, row by row. */
    private static List<PairedComparison> paired(
            SparkSession spark, List<Folder> folders, List<Evaluation> evaluations, Bootstrap.Plan plan) {
        if (evaluations.size() < 2) {
            return List.of();
        }
        ScoredRows rows = Predictions.rows(folders.stream()
                .map(folder -> Predictions.read(spark, folder.path() + "/predictions"))
                .toList());
        List<Double> thresholds =
                evaluations.stream().map(e -> e.metrics().threshold()).toList();
        List<List<Map<Metric, Double>>> resampled =
                new Bootstrap(spark, plan, spark.sparkContext().defaultParallelism()).resampled(rows, thresholds);
        List<String> names = evaluations.stream().map(Evaluation::name).toList();
        List<PairedComparison> paired = new ArrayList<>();
        for (int other = 1; other < evaluations.size(); other++) {
            paired.add(PairedComparison.of(names, rows, thresholds, resampled, other));
        }
        return paired;
    }

    private static List<Folder> folders(List<String> paths, Configuration hadoop) {
        if (paths.isEmpty()) {
            throw new InputException("compare.evaluations is an empty list; name folders that evaluate wrote");
        }
        return paths.stream()
                .map(path -> Folder.open(path, "run evaluate first, or correct compare.evaluations", hadoop))
                .toList();
    }

    private static ObjectNode manifest(List<Folder> folders) {
        ObjectNode manifest = JSON.createObjectNode().put("job", "compare");
        ArrayNode inputs = manifest.putArray("inputs");
        for (Folder folder : folders) {
            inputs.addObject()
                    .put("path", folder.path())
                    .put(
                            "fingerprint",
                            folder.json("manifest.json").path("fingerprint").asText());
        }
        return manifest;
    }

    private static Evaluation evaluation(SparkSession spark, Folder folder) {
        JsonNode stored = folder.json("metrics.json");
        ScoredRows rows = Predictions.rows(List.of(Predictions.read(spark, folder.path() + "/predictions")));
        BinaryMetrics metrics =
                BinaryMetrics.of(rows.ranked(0), stored.path("threshold").asDouble());
        if (metrics.counts().count() != stored.path("count").asLong()) {
            throw new InputException(folder.path() + ": metrics.json counts "
                    + stored.path("count").asLong() + " sequences, predictions has "
                    + metrics.counts().count() + "; evaluate anew");
        }
        TrainingLog log = TrainingLog.parse(folder.text("training.jsonl"), folder.path() + "/training.jsonl");
        String name = new Path(folder.path()).getName();
        return new Evaluation(name, stored.path("optimizer").asText("unknown"), metrics, log);
    }

    private static List<String> notes(List<Folder> folders) {
        // The second input is the rows, see EvaluationInputs.
        Set<String> data = new HashSet<>();
        folders.forEach(folder ->
                data.add(folder.json("manifest.json").at("/inputs/1/sha256").asText()));
        return data.size() <= 1
                ? List.of()
                : List.of("Mind: these evaluations were made on different data, so their metrics do not compare.");
    }

    private static void write(
            Artefact artefact, List<Evaluation> evaluations, List<PairedComparison> paired, List<String> notes)
            throws IOException {
        notes.forEach(System.err::println);
        Images.write(artefact, Report.comparing(evaluations, paired, notes));
        ObjectNode comparison = JSON.createObjectNode();
        ArrayNode columns = comparison.putArray("evaluations");
        evaluations.forEach(evaluation -> columns.add(evaluation.toJson()));
        ArrayNode differences = comparison.putArray("paired");
        paired.forEach(pair -> differences.add(pair.toJson()));
        artefact.write("comparison.json", comparison.toPrettyString() + "\n");
        Images.write(artefact, out -> CurvesImage.write(evaluations, out));
    }
}

package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.metric.BinaryMetrics;
import org.dnallama.metric.CurvesImage;
import org.dnallama.metric.Evaluation;
import org.dnallama.metric.Report;
import org.dnallama.metric.ResultTable;
import org.dnallama.metric.TrainingLog;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;

/** Evaluations side by side. */
final class EvaluationComparison {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EvaluationComparison() {}

    static int run(List<String> paths, String output, JobOptions.Existing existing) throws IOException {
        try (SparkSession spark = Sessions.open("compare")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            List<Folder> folders = folders(paths, hadoop);
            ObjectNode manifest = manifest(folders);
            String identity = "compare\n" + manifest.get("inputs");
            Optional<Artefact> artefact = Artefact.open(output, identity, existing, hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            List<Evaluation> evaluations = new ArrayList<>();
            folders.forEach(folder -> evaluations.add(evaluation(spark, folder)));
            List<Evaluation> named = Evaluation.named(evaluations);
            write(artefact.get(), named, notes(folders));
            artefact.get().publish(manifest);
            System.out.print(ResultTable.of(named).toText());
            System.out.println("report: " + output + "/report.html");
            return Commands.DONE;
        }
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
        List<Prediction> predictions = Predictions.read(spark, folder.path() + "/predictions");
        BinaryMetrics metrics =
                Predictions.metrics(predictions, stored.path("threshold").asDouble());
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
        Set<String> data = new HashSet<>();
        for (Folder folder : folders) {
            for (JsonNode input : folder.json("manifest.json").path("inputs")) {
                if (input.has("sha256")) {
                    data.add(input.get("sha256").asText());
                }
            }
        }
        return data.size() <= 1
                ? List.of()
                : List.of("Mind: these evaluations were made on different data, so their metrics do not compare.");
    }

    private static void write(Artefact artefact, List<Evaluation> evaluations, List<String> notes) throws IOException {
        notes.forEach(System.err::println);
        artefact.write("report.html", Report.comparing(evaluations, notes));
        ObjectNode comparison = JSON.createObjectNode();
        ArrayNode columns = comparison.putArray("evaluations");
        evaluations.forEach(evaluation -> columns.add(evaluation.toJson()));
        artefact.write("comparison.json", comparison.toPrettyString() + "\n");
        Images.write(artefact, out -> CurvesImage.write(evaluations, out));
    }
}

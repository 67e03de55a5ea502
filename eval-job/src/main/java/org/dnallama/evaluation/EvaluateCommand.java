package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.metric.Evaluation;
import org.dnallama.metric.Report;
import org.dnallama.metric.ResultTable;
import org.dnallama.metric.TrainingLog;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.LabelledShards;
import org.dnallama.spark.Sessions;
import org.dnallama.spark.TaskProgress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A classifier and labelled sequences to predictions and metrics. */
@Command(
        name = "evaluate",
        description = "Scores labelled sequences with a fine-tuned checkpoint and reports MCC, F1, AUROC and more.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama evaluate --conf conf/promoter-core-tata.conf",
            "  dna-llama evaluate --set evaluate.model=runs/kt4 --set evaluate.data=test.csv \\",
            "                     --set evaluate.output=evaluation-kt4",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
final class EvaluateCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Function<Backends, Scorer.Factory> scorers;

    @Mixin
    private JobOptions options = new JobOptions();

    EvaluateCommand() {
        this(CheckpointScorers::new);
    }

    EvaluateCommand(Function<Backends, Scorer.Factory> scorers) {
        this.scorers = scorers;
    }

    /** What the user set. */
    private record Wanted(
            String model,
            List<String> ensemble,
            Ensemble.Strands strands,
            String data,
            String output,
            Backends backend,
            int batchSize,
            double threshold,
            int partitions,
            String config) {

        static Wanted of(Settings settings) {
            Wanted wanted = new Wanted(
                    settings.text("evaluate.model"),
                    settings.texts("evaluate.ensemble"),
                    settings.choice("evaluate.strands", Ensemble.Strands.class),
                    settings.text("evaluate.data"),
                    settings.text("evaluate.output"),
                    settings.choice("compute.backend", Backends.class),
                    settings.integer("evaluate.batchSize", 1),
                    settings.real("evaluate.threshold", 0, 1),
                    settings.integer("evaluate.partitions", 1),
                    settings.effective("compute", "evaluate"));
            settings.check();
            return wanted;
        }
    }

    @Override
    public Integer call() throws IOException {
        Wanted wanted = Wanted.of(options.settings());
        try (SparkSession spark = Sessions.open("evaluate")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            Folder model = Folder.open(wanted.model, "run finetune first, or correct evaluate.model", hadoop);
            List<LabelledSequence> rows = sequences(wanted.data, hadoop);
            ObjectNode manifest = manifest(wanted, model, hadoop);
            Optional<Artefact> artefact =
                    Artefact.open(wanted.output, identity(wanted, manifest), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(
                        wanted.output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            Evaluation evaluation = evaluate(spark, wanted, model, rows, artefact.get());
            manifest.put("count", rows.size());
            artefact.get().publish(manifest);
            System.out.print(ResultTable.of(List.of(evaluation)).toText());
            System.out.println("report: " + wanted.output + "/report.html");
            return Commands.DONE;
        }
    }

    private Evaluation evaluate(
            SparkSession spark, Wanted wanted, Folder model, List<LabelledSequence> rows, Artefact artefact)
            throws IOException {
        List<Prediction> predictions = predictions(spark, wanted, rows);
        Predictions.write(spark, predictions, new Path(artefact.folder(), "predictions"));
        String log = model.text("metrics.jsonl");
        String optimizer = model.json("manifest.json").path("optimizer").asText("unknown");
        Evaluation evaluation = new Evaluation(
                optimizer,
                optimizer,
                Predictions.metrics(predictions, wanted.threshold),
                TrainingLog.parse(log, model.path() + "/metrics.jsonl"));
        ObjectNode metrics = evaluation.metrics().toJson().put("optimizer", optimizer);
        artefact.write("metrics.json", metrics.toPrettyString() + "\n");
        artefact.write("training.jsonl", log);
        artefact.write("report.html", Report.of(evaluation));
        return evaluation;
    }

    // In the order of the rows, and all of them in one place: AUROC is a global rank statistic.
    private List<Prediction> predictions(SparkSession spark, Wanted wanted, List<LabelledSequence> rows) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        ScoringTask task = new ScoringTask(
                new Ensemble(scorers.apply(wanted.backend), wanted.ensemble, wanted.strands),
                wanted.model,
                hadoop,
                wanted.batchSize);
        try (TaskProgress progress = TaskProgress.show(spark, "evaluate", wanted.partitions)) {
            List<Prediction> predictions = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(rows, wanted.partitions)
                    .mapPartitions(task)
                    .collect();
            progress.complete();
            return predictions;
        }
    }

    private static List<LabelledSequence> sequences(String data, Configuration hadoop) throws IOException {
        if (LabelledShards.isAt(data, hadoop)) {
            return LabelledShards.read(data, LabelledSplit.TEST, hadoop);
        }
        Path file = new Path(data);
        FileSystem fileSystem = file.getFileSystem(hadoop);
        if (!fileSystem.exists(file) || !fileSystem.getFileStatus(file).isFile()) {
            throw new InputException(
                    data + ": no such file; evaluate.data must be a CSV file with the columns sequence,label");
        }
        try (InputStream in = fileSystem.open(file)) {
            return LabelledSequences.read(in, data);
        }
    }

    private static ObjectNode manifest(Wanted wanted, Folder model, Configuration hadoop) throws IOException {
        String data = LabelledShards.isAt(wanted.data, hadoop) ? wanted.data + "/manifest.json" : wanted.data;
        ObjectNode manifest = JSON.createObjectNode().put("job", "evaluate");
        String fingerprint = model.json("manifest.json").path("fingerprint").asText();
        manifest.put("model", wanted.model);
        manifest.put("optimizer", model.json("manifest.json").path("optimizer").asText("unknown"));
        manifest.set("config", JSON.readTree(wanted.config));
        ArrayNode inputs = manifest.putArray("inputs")
                .add(JSON.createObjectNode().put("path", wanted.model).put("fingerprint", fingerprint))
                .add(JSON.createObjectNode().put("path", wanted.data).put("sha256", Artefact.sha256(data, hadoop)));
        for (String other : wanted.ensemble) {
            Folder folder = Folder.open(other, "run finetune first, or correct evaluate.ensemble", hadoop);
            String its = folder.json("manifest.json").path("fingerprint").asText();
            inputs.add(JSON.createObjectNode().put("path", other).put("fingerprint", its));
        }
        return manifest;
    }

    // Places do not count, contents do.
    private static String identity(Wanted wanted, ObjectNode manifest) {
        List<String> ensemble = new ArrayList<>();
        for (int i = 2; i < manifest.path("inputs").size(); i++) {
            ensemble.add(manifest.at("/inputs/" + i + "/fingerprint").asText());
        }
        return "evaluate"
                + "\nmodel " + manifest.at("/inputs/0/fingerprint").asText()
                + "\ndata " + manifest.at("/inputs/1/sha256").asText()
                + "\nensemble " + ensemble
                + "\nstrands " + wanted.strands
                + "\nbackend " + wanted.backend.label()
                + "\nbatchSize " + wanted.batchSize
                + "\nthreshold " + wanted.threshold
                + "\npartitions " + wanted.partitions;
    }
}

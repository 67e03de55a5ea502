package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.dnallama.metric.Part;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A classifier and labelled sequences to predictions and metrics. */
@Command(
        name = "evaluate",
        description = {
            "Scores labelled sequences with a fine-tuned checkpoint, or with several, and reports MCC, F1, AUROC and"
                    + " more with 95 % intervals: metrics.json, report.html, plots, and predictions in Parquet.",
            ""
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama evaluate --conf conf/promoter-core-tata.conf",
            "  dna-llama evaluate --set evaluate.model=runs/kt4 --set evaluate.data=test.csv \\",
            "                     --set evaluate.dev=dev.csv --set evaluate.output=evaluation-kt4",
            "  dna-llama evaluate --conf my.conf --set 'evaluate.ensemble=[runs/seed2,runs/seed3]' \\",
            "                     --set evaluate.output=ensemble",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
final class EvaluateCommand implements Callable<Integer> {

    private final Function<EvaluateSettings.Scoring, Scorer.Factory> scorers;

    @Mixin
    private JobOptions options = new JobOptions();

    EvaluateCommand() {
        this(scoring -> new CheckpointScorers(scoring.backend(), scoring.tooLong()));
    }

    EvaluateCommand(Function<EvaluateSettings.Scoring, Scorer.Factory> scorers) {
        this.scorers = scorers;
    }

    @Override
    public Integer call() throws IOException {
        EvaluateSettings wanted = EvaluateSettings.of(options.settings());
        try (SparkSession spark = Sessions.open("evaluate")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            EvaluationInputs inputs = EvaluationInputs.open(wanted, hadoop);
            ObjectNode manifest = inputs.manifest(wanted, hadoop);
            String identity = EvaluationInputs.identity(wanted, manifest);
            Optional<Artefact> artefact = Artefact.open(wanted.output(), identity, options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(
                        wanted.output() + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            List<Part> parts = run(new EvaluateJob(spark, wanted, inputs, scorers, artefact.get()), manifest);
            manifest.put("count", parts.get(0).metrics().counts().count());
            artefact.get().publish(manifest);
            System.out.print(Part.table(parts).toText());
            System.out.println("report: " + wanted.output() + "/report.html");
            return Commands.DONE;
        }
    }

    /** What a failed run leaves is of no use to the next one. */
    private static List<Part> run(EvaluateJob job, ObjectNode manifest) throws IOException {
        try {
            return job.run(manifest);
        } catch (IOException | RuntimeException e) {
            job.artefact().discard();
            throw e;
        }
    }
}

package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.Settings;
import org.dnallama.metric.CurvesImage;
import org.dnallama.metric.Study;
import org.dnallama.metric.StudyJson;
import org.dnallama.metric.StudyReport;
import org.dnallama.metric.Trial;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Provenance;
import org.dnallama.spark.Sessions;
import org.dnallama.spark.TrainingInputs;

/** A study of optimizers: searches learning rates, runs the best with all seeds, reports. Each run is a Spark task. */
final class StudyJob {

    private final StudySettings wanted;
    private final Settings settings;
    private final JobOptions.Existing existing;

    StudyJob(StudySettings wanted, Settings settings, JobOptions.Existing existing) {
        this.wanted = wanted;
        this.settings = settings;
        this.existing = existing;
    }

    int run() throws IOException {
        try (SparkSession spark = Sessions.open("compare", wanted.atOnce())) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            TrainingInputs inputs = wanted.inputs().opener().open(hadoop);
            ObjectNode manifest = provenance(inputs, hadoop)
                    .manifest(
                            settings.effective("compute", "model", wanted.task().section(), "compare"));
            Optional<Artefact> artefact = Artefact.open(wanted.output(), manifest.toString(), existing, hadoop);
            if (artefact.isEmpty()) {
                System.out.println(
                        wanted.output() + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            warnOfSharedCores(spark);
            Study study = study(new StudyRuns(spark, task(inputs, hadoop)));
            write(study, artefact.get());
            artefact.get().publish(manifest);
            System.out.print(StudyReport.text(study));
            System.out.println("report: " + wanted.output() + "/report.html");
            return Commands.DONE;
        }
    }

    private static Provenance provenance(TrainingInputs inputs, Configuration hadoop) throws IOException {
        return inputs.inputs(new Provenance("compare", hadoop));
    }

    // What a run is made from leaves out the rest of the study, so that the study can grow and keep its runs.
    private StudyTask task(TrainingInputs inputs, Configuration hadoop) throws IOException {
        ObjectNode manifest = provenance(inputs, hadoop)
                .manifest(settings.effective("compute", "model"))
                .put("keys", wanted.inputs().keys());
        StudyTask.Setting setting =
                new StudyTask.Setting(wanted.runs(), manifest.toString(), existing, wanted.backend(), wanted.lora());
        return new StudyTask(inputs, setting, new SerializableConfiguration(hadoop));
    }

    private void warnOfSharedCores(SparkSession spark) {
        int cores = spark.sparkContext().getConf().getInt("spark.task.cpus", 1);
        boolean embedded = System.getProperty("spark.master") == null;
        if (!embedded && cores < wanted.lanes()) {
            System.err.printf(
                    "warning: spark.task.cpus = %d is less than the %d threads of a run, so runs share cores and their"
                            + " seconds do not compare; give --conf spark.task.cpus=%d%n",
                    cores, wanted.lanes(), wanted.lanes());
        }
    }

    private Study study(StudyRuns runs) {
        List<TrialPlan> equalGradients = wanted.contestants().stream()
                .map(contestant -> new TrialPlan(wanted, contestant, wanted.stepsAtEqualGradients(contestant)))
                .toList();
        List<TrialPlan> equalSteps = wanted.contestants().stream()
                .filter(wanted::hasWholeBatches)
                .map(contestant -> new TrialPlan(wanted, contestant, wanted.steps()))
                .toList();
        // Some are in both views.
        Set<TrialPlan> plans = new LinkedHashSet<>(equalGradients);
        plans.addAll(equalSteps);

        runs.complete("compare: learning rates", inTurns(plans, TrialPlan::search));
        Map<TrialPlan, List<StudyTask.Run>> confirmations = new LinkedHashMap<>();
        plans.forEach(plan -> confirmations.put(plan, plan.confirmation(runs)));
        runs.complete("compare: seeds", inTurns(plans, confirmations::get));

        Map<TrialPlan, Trial> trials = new LinkedHashMap<>();
        confirmations.forEach((plan, more) -> trials.put(plan, plan.trial(runs, more)));
        return new Study(
                wanted.title(),
                wanted.budget(),
                equalSteps.stream().map(trials::get).toList(),
                equalGradients.stream().map(trials::get).toList(),
                wanted.target());
    }

    // One run of each trial, then the next of each: what else the machine does in the meantime meets all alike.
    private static List<StudyTask.Run> inTurns(
            Collection<TrialPlan> plans, Function<TrialPlan, List<StudyTask.Run>> runsOf) {
        List<StudyTask.Run> turns = new ArrayList<>();
        int most =
                plans.stream().mapToInt(plan -> runsOf.apply(plan).size()).max().orElse(0);
        for (int i = 0; i < most; i++) {
            for (TrialPlan plan : plans) {
                List<StudyTask.Run> runs = runsOf.apply(plan);
                if (i < runs.size()) {
                    turns.add(runs.get(i));
                }
            }
        }
        return turns;
    }

    private static void write(Study study, Artefact artefact) throws IOException {
        artefact.write("report.html", StudyReport.html(study));
        artefact.write("comparison.json", StudyJson.of(study).toPrettyString() + "\n");
        Images.write(artefact, out -> CurvesImage.write(study, out));
    }
}

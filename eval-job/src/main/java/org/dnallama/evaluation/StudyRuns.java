package org.dnallama.evaluation;

import java.util.List;
import java.util.Optional;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.metric.StudyRun;
import org.dnallama.metric.TrainingLog;
import org.dnallama.spark.TaskProgress;

/**
 * The single runs of a study: completed as Spark tasks, then read back.
 *
 * @param spark where they run
 * @param task what each does
 */
record StudyRuns(SparkSession spark, StudyTask task) {

    /** Sees to it that all of these are finished; those that are there already cost nothing. */
    void complete(String title, List<StudyTask.Run> runs) {
        if (runs.isEmpty()) {
            return;
        }
        try (TaskProgress progress = TaskProgress.show(spark, title, runs.size())) {
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            context.setJobDescription(title + ": " + runs.size() + " runs");
            context.parallelize(runs, runs.size()).foreach(task);
            progress.complete();
        }
    }

    /** A finished run. */
    StudyRun read(StudyTask.Run run) {
        Folder folder = Folder.open(
                task.setting().folder() + "/" + run.name(),
                "run compare again",
                task.hadoop().value());
        TrainingLog log = TrainingLog.parse(folder.text("metrics.jsonl"), folder.path() + "/metrics.jsonl");
        Optional<String> failure =
                Optional.ofNullable(folder.json("manifest.json").path("failure").textValue());
        return new StudyRun(run.training().learningRate(), run.seed(), log, failure);
    }
}

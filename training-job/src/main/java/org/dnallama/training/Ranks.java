package org.dnallama.training;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.collective.SingleRank;
import org.dnallama.spark.BarrierJob;
import org.dnallama.spark.FirstFailure;
import org.dnallama.spark.RankTask;
import org.dnallama.spark.monitor.RunMonitor;
import org.dnallama.train.ProgressListener;
import org.dnallama.train.TrainState;

/** Runs the ranks of a training job as Spark tasks. */
final class Ranks {

    private Ranks() {}

    /**
     * Runs a task for each rank and returns what rank 0 has to tell; shows its progress here meanwhile.
     *
     * @param title the run's name, under which rank 0 reports
     */
    static TrainState run(SparkSession spark, String title, Cluster cluster, RankTask<TrainState> task) {
        try (RunMonitor monitor = RunMonitor.follow(title, new ProgressListener(title))) {
            return cluster.ranks() > 1
                    ? new BarrierJob(title, cluster.ranks(), cluster.collective(), cluster.timeout()).run(spark, task)
                    : alone(spark, title, task);
        }
    }

    private static TrainState alone(SparkSession spark, String title, RankTask<TrainState> task) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        return FirstFailure.explained(
                spark.sparkContext(),
                title,
                1,
                () -> context.parallelize(List.of(0), 1)
                        .map(rank -> task.call(new SingleRank()))
                        .first());
    }
}

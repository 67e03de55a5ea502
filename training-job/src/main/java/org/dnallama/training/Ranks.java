package org.dnallama.training;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.ConfigException;
import org.dnallama.spark.monitor.RunMonitor;
import org.dnallama.train.ProgressListener;
import org.dnallama.train.TrainState;

/** Runs the ranks of a training job as Spark tasks; for now there is one. */
final class Ranks {

    private Ranks() {}

    /**
     * Runs a task for each rank and returns what rank 0 has to tell; shows its progress here meanwhile.
     *
     * @param title the run's name, under which rank 0 reports
     * @throws ConfigException if the ranks cannot agree in the way that is asked for
     */
    static TrainState run(SparkSession spark, String title, Cluster cluster, Function<Integer, TrainState> task) {
        if (cluster.ranks() > 1) {
            throw new ConfigException(List.of("cluster.ranks = " + cluster.ranks()
                    + ": this build sums gradients on one rank; set cluster.sync = parameter-averaging"));
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        context.setJobDescription(title + " on 1 rank");
        try (RunMonitor monitor = RunMonitor.follow(title, new ProgressListener(title))) {
            return context.parallelize(List.of(0), 1).map(task).first();
        }
    }
}

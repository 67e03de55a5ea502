package org.dnallama.training;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.ConfigException;
import org.dnallama.train.TrainState;

/** Runs the ranks of a training job as Spark tasks; for now there is one. */
final class Ranks {

    private Ranks() {}

    /**
     * Runs a task for each rank and returns what rank 0 has to tell.
     *
     * @throws ConfigException if the ranks cannot agree in the way that is asked for
     */
    static TrainState run(SparkSession spark, String job, Cluster cluster, Function<Integer, TrainState> task) {
        if (cluster.ranks() > 1) {
            throw new ConfigException(List.of("cluster.ranks = " + cluster.ranks()
                    + ": this build sums gradients on one rank; set cluster.sync = parameter-averaging"));
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        context.setJobDescription(job + ": rank 0 of 1");
        return context.parallelize(List.of(0), 1).map(task).first();
    }
}

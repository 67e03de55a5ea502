package org.dnallama.training;

import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.sql.SparkSession;
import org.dnallama.train.TrainState;

/** Runs the ranks of a training job as Spark tasks; for now there is one. */
final class Ranks {

    private Ranks() {}

    /** Runs a task for each rank and returns what rank 0 has to tell. */
    static TrainState run(SparkSession spark, String job, Function<Integer, TrainState> task) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        context.setJobDescription(job + ": rank 0 of 1");
        return context.parallelize(List.of(0), 1).map(task).first();
    }
}

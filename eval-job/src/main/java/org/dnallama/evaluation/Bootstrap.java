package org.dnallama.evaluation;

import java.io.Serializable;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.dnallama.metric.ConfidenceInterval;
import org.dnallama.metric.Metric;
import org.dnallama.metric.ScoredRows;

/**
 * Resamples rows on the executors, each of which has all of them.
 *
 * @param spark where
 * @param plan how often
 * @param partitions tasks that share the resamples
 */
record Bootstrap(SparkSession spark, Plan plan, int partitions) {

    /**
     * How often, and which.
     *
     * @param resamples their number; 0 for none
     * @param seed draws them
     */
    record Plan(int resamples, long seed) implements Serializable {}

    /** Of each resample, of each model, every metric that is defined. */
    List<List<Map<Metric, Double>>> resampled(ScoredRows rows, List<Double> thresholds) {
        if (plan.resamples == 0 || rows.count() == 0) {
            return List.of();
        }
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<ScoredRows> everywhere = context.broadcast(rows);
        long seed = plan.seed;
        List<Long> indices = LongStream.range(0, plan.resamples).boxed().toList();
        try {
            return context.parallelize(indices, partitions)
                    .map(index -> everywhere.value().resampled(thresholds, seed, index))
                    .collect();
        } finally {
            everywhere.unpersist();
        }
    }

    /** The intervals of one model's metrics. */
    Map<Metric, ConfidenceInterval> intervals(ScoredRows rows, double threshold) {
        return ConfidenceInterval.of(resampled(rows, List.of(threshold)).stream()
                .map(models -> models.get(0))
                .toList());
    }
}

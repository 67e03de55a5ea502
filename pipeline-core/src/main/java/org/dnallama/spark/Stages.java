package org.dnallama.spark;

import java.util.function.Supplier;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;

/** Names for what Spark's UI lists. */
public final class Stages {

    private Stages() {}

    /**
     * Runs Spark jobs whose stages have a name in words.
     *
     * @param spark the context
     * @param name what they do
     * @param jobs runs them
     * @param <T> their result
     * @return the result
     */
    public static <T> T named(JavaSparkContext spark, String name, Supplier<T> jobs) {
        begin(spark.sc(), name);
        try {
            return jobs.get();
        } finally {
            spark.clearCallSite();
            spark.sc().setJobDescription(null);
        }
    }

    /**
     * Names the stages of all jobs from here on.
     *
     * @param spark the context
     * @param name what they do
     */
    public static void begin(SparkContext spark, String name) {
        spark.setCallSite(name);
        spark.setJobDescription(name);
    }
}

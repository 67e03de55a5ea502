package org.dnallama.ingest;

import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;

/** Names for what Spark's UI lists. */
final class Stages {

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
    static <T> T named(JavaSparkContext spark, String name, Supplier<T> jobs) {
        spark.setCallSite(name);
        spark.sc().setJobDescription(name);
        try {
            return jobs.get();
        } finally {
            spark.clearCallSite();
            spark.sc().setJobDescription(null);
        }
    }
}

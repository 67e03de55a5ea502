package org.dnallama.spark;

import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.dnallama.spark.monitor.TrainingPlugin;

/** Spark sessions for the jobs. */
public final class Sessions {

    private static final String PLUGINS = "spark.plugins";

    private static final String ALL = "*";

    private Sessions() {}

    /**
     * The session of a job: the one that {@code spark-submit} describes, else an embedded one on all cores of this
     * machine.
     *
     * @param name shown in the Spark UI
     * @return the session, to be closed by the caller
     */
    public static SparkSession open(String name) {
        return start(builder(name, ALL));
    }

    /**
     * The session of a job that trains: as {@link #open}, and what ranks report is heard.
     *
     * @param name shown in the Spark UI
     * @param defaults settings by key, for what the user did not set
     * @return the session, to be closed by the caller
     */
    public static SparkSession openForTraining(String name, Map<String, String> defaults) {
        String users = System.getProperty(PLUGINS, "");
        String ours = TrainingPlugin.class.getName();
        SparkSession.Builder builder = builder(name, ALL).config(PLUGINS, users.isEmpty() ? ours : users + "," + ours);
        defaults.forEach((key, value) -> builder.config(key, System.getProperty(key, value)));
        return start(builder);
    }

    /**
     * The session of a job whose tasks use several cores each.
     *
     * @param name shown in the Spark UI
     * @param slots tasks side by side in an embedded session; {@code spark-submit} settles it by its own settings
     * @return the session, to be closed by the caller
     */
    public static SparkSession open(String name, int slots) {
        return start(builder(name, Integer.toString(slots)));
    }

    private static SparkSession start(SparkSession.Builder builder) {
        SparkSession spark;
        try {
            spark = builder.getOrCreate();
        } catch (Exception e) {
            // Scala does not declare what it throws.
            if (System.getProperty(JobStatus.DEPLOY_MODE) == null) {
                throw e;
            }
            throw new ClusterException(
                    "Spark did not start on %s: %s; look whether it can be reached, and whether it has the queue, memory and cores that are asked for"
                            .formatted(System.getProperty("spark.master"), rootCause(e)),
                    e);
        }
        System.setProperty(JobStatus.APPLICATION, spark.sparkContext().applicationId());
        return spark;
    }

    private static Throwable rootCause(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static SparkSession.Builder builder(String name, String slots) {
        SparkSession.Builder builder = SparkSession.builder().appName("dna-llama " + name);
        if (System.getProperty("spark.master") == null) {
            builder.master("local[" + slots + "]")
                    .config("spark.ui.enabled", "false")
                    .config("spark.driver.bindAddress", "127.0.0.1")
                    .config("spark.driver.host", "127.0.0.1")
                    .config("spark.sql.shuffle.partitions", "4");
        }
        return builder;
    }
}

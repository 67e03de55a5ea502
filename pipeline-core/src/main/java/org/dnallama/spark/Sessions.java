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
        return builder(name, ALL).getOrCreate();
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
        return builder.getOrCreate();
    }

    /**
     * The session of a job whose tasks use several cores each.
     *
     * @param name shown in the Spark UI
     * @param slots tasks side by side in an embedded session; {@code spark-submit} settles it by its own settings
     * @return the session, to be closed by the caller
     */
    public static SparkSession open(String name, int slots) {
        return builder(name, Integer.toString(slots)).getOrCreate();
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

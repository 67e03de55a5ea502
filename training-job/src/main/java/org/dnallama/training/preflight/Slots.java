package org.dnallama.training.preflight;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.jspecify.annotations.Nullable;

/**
 * How many tasks Spark's configuration has room for.
 *
 * @param executors processes that run tasks; empty if only the cluster knows
 * @param perExecutor tasks at once on each; empty if only the cluster knows
 * @param origin the settings that say so, with their values
 */
record Slots(OptionalInt executors, OptionalInt perExecutor, String origin) {

    private static final Pattern LOCAL = Pattern.compile("local(?:\\[([0-9]+|\\*)(?:,.*)?])?");
    private static final Pattern LOCAL_CLUSTER = Pattern.compile("local-cluster\\[ *([0-9]+) *, *([0-9]+) *,.*]");

    /** What a cluster manager gives an executor that asks for nothing. */
    private static final int CORES_ON_YARN_OR_KUBERNETES = 1;

    /** Reads the settings of the session; ranks with GPUs run where there are GPUs for them. */
    static Slots read(SparkConf conf) {
        Slots byCores = byCores(conf);
        OptionalInt gpus = number(conf, ClusterSettings.EXECUTOR_GPUS);
        if (gpus.isEmpty() || byCores.perExecutor.orElse(Integer.MAX_VALUE) <= gpus.getAsInt()) {
            return byCores;
        }
        return new Slots(
                byCores.executors,
                gpus,
                byCores.origin + ", " + ClusterSettings.EXECUTOR_GPUS + " = " + gpus.getAsInt());
    }

    private static Slots byCores(SparkConf conf) {
        String master = conf.get("spark.master");
        int cpus = conf.getInt("spark.task.cpus", 1);
        Matcher local = LOCAL.matcher(master);
        if (local.matches()) {
            return new Slots(
                    OptionalInt.of(1), OptionalInt.of(localCores(local.group(1)) / cpus), "master = " + master);
        }
        Matcher cluster = LOCAL_CLUSTER.matcher(master);
        if (cluster.matches()) {
            return new Slots(
                    OptionalInt.of(Integer.parseInt(cluster.group(1))),
                    OptionalInt.of(Integer.parseInt(cluster.group(2)) / cpus),
                    "master = " + master);
        }
        OptionalInt cores = cores(conf, master);
        OptionalInt instances = number(conf, "spark.executor.instances");
        if (cores.isEmpty()) {
            return new Slots(instances, cores, master);
        }
        OptionalInt most = number(conf, "spark.cores.max");
        boolean bounded = instances.isEmpty() && most.isPresent();
        return new Slots(
                bounded ? OptionalInt.of(most.getAsInt() / cores.getAsInt()) : instances,
                OptionalInt.of(cores.getAsInt() / cpus),
                "%s, spark.executor.cores = %d, spark.task.cpus = %d"
                        .formatted(
                                bounded
                                        ? "spark.cores.max = " + most.getAsInt()
                                        : "spark.executor.instances = " + instances.orElse(0),
                                cores.getAsInt(),
                                cpus));
    }

    /** Tasks at once on all executors; empty if only the cluster knows. */
    OptionalInt all() {
        return executors.isPresent() && perExecutor.isPresent()
                ? OptionalInt.of(executors.getAsInt() * perExecutor.getAsInt())
                : OptionalInt.empty();
    }

    private static int localCores(@Nullable String given) {
        if (given == null) {
            return 1;
        }
        return given.equals("*") ? Runtime.getRuntime().availableProcessors() : Integer.parseInt(given);
    }

    private static OptionalInt cores(SparkConf conf, String master) {
        OptionalInt given = number(conf, "spark.executor.cores");
        boolean asked = master.startsWith("yarn") || master.startsWith("k8s");
        return given.isEmpty() && asked ? OptionalInt.of(CORES_ON_YARN_OR_KUBERNETES) : given;
    }

    private static OptionalInt number(SparkConf conf, String key) {
        return conf.contains(key) ? OptionalInt.of(conf.getInt(key, 0)) : OptionalInt.empty();
    }
}

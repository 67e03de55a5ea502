package org.dnallama.training.preflight;

import org.apache.spark.SparkConf;

/** Whether Spark's settings let all ranks run at the same time, each with what it needs. */
final class ClusterSettings {

    static final String EXECUTOR_GPUS = "spark.executor.resource.gpu.amount";
    /** Set when each rank has a GPU. */
    static final String TASK_GPUS = "spark.task.resource.gpu.amount";

    private ClusterSettings() {}

    /** Looks at ranks that meet in a barrier stage. */
    static void look(SparkConf conf, int ranks, Findings findings) {
        Slots slots = Slots.read(conf);
        if (ranks > 1) {
            dynamicAllocation(conf, findings);
            enough(slots, ranks, findings);
        }
        gpus(conf, slots, findings);
    }

    private static void dynamicAllocation(SparkConf conf, Findings findings) {
        if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
            findings.setting(
                    "spark.dynamicAllocation.enabled = true: ranks that synchronize each step need executors that"
                            + " stay; set it to false, or cluster.sync = parameter-averaging");
        }
    }

    private static void enough(Slots slots, int ranks, Findings findings) {
        slots.all().ifPresent(all -> {
            if (all < ranks) {
                findings.setting(
                        "cluster.ranks = %d: all ranks must run at the same time, and there is room for %d (%s); %s"
                                .formatted(
                                        ranks,
                                        all,
                                        slots.origin(),
                                        "give Spark more executors or cores, or make cluster.ranks smaller"));
            }
        });
    }

    private static void gpus(SparkConf conf, Slots slots, Findings findings) {
        boolean onExecutors = conf.contains(EXECUTOR_GPUS);
        boolean onTasks = conf.contains(TASK_GPUS);
        if (onExecutors != onTasks) {
            findings.setting(
                    onTasks
                            ? EXECUTOR_GPUS + " is not set, but " + TASK_GPUS + " = " + conf.get(TASK_GPUS)
                                    + ": set it to the GPUs of an executor"
                            : TASK_GPUS + " is not set, but " + EXECUTOR_GPUS + " = " + conf.get(EXECUTOR_GPUS)
                                    + ": set it to 1, a GPU for each rank");
            return;
        }
        if (!onTasks) {
            return;
        }
        double each = conf.getDouble(TASK_GPUS, 1);
        if (each != 1) {
            findings.setting(TASK_GPUS + " = " + conf.get(TASK_GPUS) + ": a rank takes one whole GPU; set it to 1");
            return;
        }
        int there = conf.getInt(EXECUTOR_GPUS, 0);
        slots.perExecutor().ifPresent(atOnce -> {
            if (there > atOnce) {
                findings.setting(
                        "%s = %d: an executor has cores for %d ranks at once (%s), each takes one GPU, so %d would lie idle; %s"
                                .formatted(
                                        EXECUTOR_GPUS,
                                        there,
                                        atOnce,
                                        slots.origin(),
                                        there - atOnce,
                                        "set it to " + atOnce + ", or raise spark.executor.cores"));
            }
        });
    }
}

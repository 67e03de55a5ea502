package org.dnallama.training.preflight;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import org.dnallama.plan.Plan;
import org.dnallama.plan.Use;

/**
 * Whether executors have room for what the plan says. Weights, moments and activations lie outside the heap, so it is
 * not the heap's size that counts but what is left beside it. The plan leaves out Spark and the JVM: what does not fit
 * by it does not fit at all.
 *
 * @param plan of one rank
 * @param ranksPerExecutor ranks that share an executor
 */
record Memory(Plan plan, int ranksPerExecutor) {

    private static final double GIBIBYTE = 0x1p30;
    private static final long MEBIBYTE = 1L << 20;

    /** What Spark gives an executor besides its heap on YARN and Kubernetes: see spark.executor.memoryOverhead. */
    private static final double OVERHEAD_FACTOR = 0.1;

    private static final long LEAST_OVERHEAD = 384 * MEBIBYTE;

    private static final String SMALLER =
            "make training.microBatch or training.lanes smaller, set training.activationCheckpointing = true, or train"
                    + " adapters (lora.rank); dna-llama plan shows what each saves";

    void look(SparkConf conf, List<Host> executors, Findings findings) {
        OptionalLong overhead = overhead(conf);
        if (overhead.isPresent()) {
            lookAtOverhead(overhead.getAsLong(), findings);
        } else {
            executors.stream()
                    .collect(Collectors.groupingBy(Host::name))
                    .values()
                    .forEach(there -> lookAtMachine(there, findings));
        }
    }

    private void lookAtOverhead(long overhead, Findings findings) {
        if (needed() > overhead) {
            findings.setting("spark.executor.memoryOverhead = %dm: %s besides the heap; set it to %dm or more, or %s"
                    .formatted(overhead / MEBIBYTE, needs(), needed() / MEBIBYTE + LEAST_OVERHEAD / MEBIBYTE, SMALLER));
        }
    }

    private void lookAtMachine(List<Host> executors, Findings findings) {
        Host machine = executors.get(0);
        long heaps = executors.stream().mapToLong(Host::heapBytes).sum();
        long left = Math.max(0, machine.memoryBytes() - heaps);
        if (executors.size() * needed() > left) {
            findings.setting(String.format(
                    Locale.ROOT,
                    "memory of %s = %.2f GiB: %.2f GiB of it are left beside heaps of %.2f GiB, and %s%s; %s",
                    machine.name(),
                    machine.memoryBytes() / GIBIBYTE,
                    left / GIBIBYTE,
                    heaps / GIBIBYTE,
                    needs(),
                    executors.size() > 1 ? " on each of " + executors.size() + " executors" : "",
                    SMALLER));
        }
    }

    private long needed() {
        return ranksPerExecutor * plan.neededBytes();
    }

    private String needs() {
        String uses = Stream.of(Use.values())
                .filter(use -> plan.bytes(use) > plan.trainingBytes() / 10)
                .map(use -> String.format(Locale.ROOT, "%s %.2f", use.label(), plan.bytes(use) / GIBIBYTE))
                .collect(Collectors.joining(", "));
        return String.format(
                Locale.ROOT,
                "%s %.2f GiB%s (%s)",
                ranksPerExecutor == 1 ? "a rank needs" : ranksPerExecutor + " ranks need",
                needed() / GIBIBYTE,
                ranksPerExecutor == 1 ? "" : ", each",
                uses);
    }

    /** What an executor may use besides its heap, where the cluster manager holds it to that. */
    private static OptionalLong overhead(SparkConf conf) {
        String master = conf.get("spark.master");
        if (!master.startsWith("yarn") && !master.startsWith("k8s")) {
            return OptionalLong.empty();
        }
        if (conf.contains("spark.executor.memoryOverhead")) {
            return OptionalLong.of(JavaUtils.byteStringAsMb(conf.get("spark.executor.memoryOverhead")) * MEBIBYTE);
        }
        long heap = JavaUtils.byteStringAsMb(conf.get("spark.executor.memory", "1g")) * MEBIBYTE;
        double factor = conf.getDouble("spark.executor.memoryOverheadFactor", OVERHEAD_FACTOR);
        return OptionalLong.of(Math.max(LEAST_OVERHEAD, (long) (heap * factor)));
    }
}

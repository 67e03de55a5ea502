package org.dnallama.spark;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.apache.spark.TaskContext;
import org.apache.spark.resource.ResourceInformation;
import org.dnallama.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** GPUs as Spark hands them out. */
public final class Gpus {

    /** Spark's name of the resource. */
    public static final String RESOURCE = "gpu";

    private static final String AMOUNT = "spark.task.resource.gpu.amount";

    private Gpus() {}

    /**
     * The GPU of the task that this thread runs.
     *
     * @return its number on the machine; empty if tasks are handed none
     * @throws ConfigException if the task has several, or one whose address is no number
     */
    public static OptionalInt ofTask() {
        TaskContext task = TaskContext.get();
        return task == null ? OptionalInt.empty() : one(task.resourcesJMap().get(RESOURCE));
    }

    static OptionalInt one(@Nullable ResourceInformation handed) {
        if (handed == null) {
            return OptionalInt.empty();
        }
        List<String> addresses = Arrays.asList(handed.addresses());
        if (addresses.size() != 1) {
            throw new ConfigException(List.of("%s: a rank takes one GPU, and Spark hands it %d (%s); set it to 1"
                    .formatted(AMOUNT, addresses.size(), String.join(", ", addresses))));
        }
        try {
            return OptionalInt.of(Integer.parseUnsignedInt(addresses.get(0)));
        } catch (NumberFormatException e) {
            throw new ConfigException(List.of("GPU address %s: must be a number from 0; correct the discovery script"
                    .formatted(addresses.get(0))));
        }
    }
}

package org.dnallama.plan;

import java.util.Map;

/**
 * What training needs of each device.
 *
 * @param parameters numbers of the whole model
 * @param trained numbers that move: all, or those of the adapters and what is trained beside them
 * @param bytes memory while training, by use
 * @param loadingBytes most memory before training starts: adapters are set beside a copy of the whole model
 * @param checkpointBytes a checkpoint of training on disk: what is trained, its best so far, and the moments
 * @param allReducedBytes that a device hands to the others in a step
 * @param sums in which it hands them over
 * @param lateBytes of one gradient that is complete only when the backward pass is through the first block
 * @param forwardOperations additions and multiplications of a forward pass, for each token
 * @param stepOperations those of a whole step, for each token of its batch
 */
public record Plan(
        long parameters,
        long trained,
        Map<Use, Long> bytes,
        long loadingBytes,
        long checkpointBytes,
        long allReducedBytes,
        long sums,
        long lateBytes,
        double forwardOperations,
        double stepOperations) {

    /** Copies the map. */
    public Plan {
        bytes = Map.copyOf(bytes);
    }

    /**
     * Memory for one use.
     *
     * @param use what for
     * @return bytes while training
     */
    public long bytes(Use use) {
        return bytes.getOrDefault(use, 0L);
    }

    /**
     * Memory while training.
     *
     * @return the sum over all uses, in bytes
     */
    public long trainingBytes() {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }

    /**
     * Memory that the device must have.
     *
     * @return the larger one of loading and training, in bytes
     */
    public long neededBytes() {
        return Math.max(loadingBytes, trainingBytes());
    }
}

package org.dnallama.train;

/**
 * How a rank's micro-batches are summed: in place within a branch, branches in the order of a binary tree.
 *
 * @param microBatches of this rank in a step
 * @param length micro-batches in a branch; the last one may have fewer
 */
public record Branches(int microBatches, int length) {

    /**
     * A rank's part of a step's branches.
     *
     * @param settings how to train
     * @param worldSize number of ranks
     * @return branches whose length does not depend on the number of ranks
     */
    public static Branches of(TrainingSettings settings, int worldSize) {
        int all = settings.microBatches();
        return new Branches(all / worldSize, Math.max(1, all / settings.branches()));
    }

    /** Branches of some micro-batches. */
    int count(int chosen) {
        return (chosen + length - 1) / length;
    }

    /** A branch's first micro-batch. */
    int start(int branch) {
        return branch * length;
    }

    /** The one after its last. */
    int end(int branch, int chosen) {
        return Math.min(chosen, (branch + 1) * length);
    }
}

package org.dnallama.optim;

import org.dnallama.collective.AllReduce;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Parameters;

/**
 * The mean over the targets of all ranks: sum of losses / number of targets, and its gradient. Ranks with more targets
 * weigh more, as they would in one large batch. It makes any optimizer data-parallel: each gradient that it asks for is
 * synchronized.
 */
public final class AveragedField implements GradientField {

    private final LocalField local;
    private final AllReduce ranks;

    /**
     * Averages over ranks.
     *
     * @param local this rank's field
     * @param ranks the group
     */
    public AveragedField(LocalField local, AllReduce ranks) {
        this.local = local;
        this.ranks = ranks;
    }

    @Override
    public int microBatches() {
        return local.microBatches();
    }

    /**
     * Evaluates and averages.
     *
     * @throws TrainingException if no rank has a target
     */
    @Override
    public double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
        // The targets are counted first: then gradients are divided where they arise, in no pass of their own.
        double targets = ranks.sum((double) local.targets(portion));
        if (targets == 0) {
            throw new TrainingException("the batch has no target: all its labels are ignored");
        }
        double loss = ranks.sum(local.sum(theta, portion, 1 / targets, gradient));
        gradient.buckets().forEach(bucket -> ranks.sum(bucket.buffer()));
        return loss / targets;
    }
}

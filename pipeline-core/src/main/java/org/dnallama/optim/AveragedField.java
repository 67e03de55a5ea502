package org.dnallama.optim;

import org.dnallama.collective.AllReduce;
import org.dnallama.model.Parameters;

/**
 * The mean of all ranks' fields. It makes any optimizer data-parallel: each gradient that it asks for is synchronized.
 */
public final class AveragedField implements GradientField {

    private final GradientField local;
    private final AllReduce ranks;

    /**
     * Averages over ranks.
     *
     * @param local this rank's field
     * @param ranks the group
     */
    public AveragedField(GradientField local, AllReduce ranks) {
        this.local = local;
        this.ranks = ranks;
    }

    @Override
    public double evaluate(Parameters theta, BatchPortion portion, Parameters gradient) {
        double loss = local.evaluate(theta, portion, gradient);
        if (ranks.worldSize() == 1) {
            return loss;
        }
        gradient.buckets().forEach(bucket -> ranks.sum(bucket.buffer()));
        Vectors.scale(gradient, 1.0 / ranks.worldSize());
        return ranks.sum(loss) / ranks.worldSize();
    }
}

package org.dnallama.optim;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.collective.AllReduce;
import org.dnallama.compute.Buffer;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Parameters;

/**
 * The mean over the targets of all ranks: sum of losses / number of targets, and its gradient. Ranks with more targets
 * weigh more, as they would in one large batch. It makes any optimizer data-parallel: each gradient that it asks for is
 * synchronized.
 */
public final class AveragedField implements GradientField {

    /** Most numbers in a sum: 64 MiB of float32, so that what sums need beside them stays small. */
    public static final long MOST = 16L << 20;

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
        try {
            return mean(theta, portion, gradient);
        } catch (RuntimeException e) {
            // The others shall not wait for this rank, nor its memory go while a sum is on its way.
            ranks.close();
            throw e;
        }
    }

    private double mean(Parameters theta, BatchPortion portion, Parameters gradient) {
        // The targets are counted first: then gradients are divided where they arise, in no pass of their own.
        double targets = ranks.sum((double) local.targets(portion));
        if (targets == 0) {
            throw new TrainingException("the batch has no target: all its labels are ignored");
        }
        // A bucket sets out as soon as it is finished, while others are still computed.
        List<AllReduce.Pending> sums = new ArrayList<>();
        double loss = local.sum(
                theta,
                portion,
                1 / targets,
                gradient,
                bucket -> send(gradient.buckets().get(bucket).buffer(), sums));
        sums.forEach(AllReduce.Pending::await);
        return ranks.sum(loss) / targets;
    }

    private void send(Buffer bucket, List<AllReduce.Pending> sums) {
        for (long at = 0; at < bucket.length(); at += MOST) {
            sums.add(ranks.begin(bucket.slice(at, Math.min(MOST, bucket.length() - at))));
        }
    }
}

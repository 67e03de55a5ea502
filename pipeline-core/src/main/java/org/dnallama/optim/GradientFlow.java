package org.dnallama.optim;

import java.util.List;
import java.util.Map;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.StageDifferences;
import org.dnallama.model.Parameters;
import org.dnallama.model.Parameters.Bucket;
import org.dnallama.model.TensorSpec.Decay;

/**
 * The raw gradient flow, d(theta)/dt = -(grad L + weightDecay theta), with the learning rate as time step. No state.
 */
final class GradientFlow implements Flow {

    @Override
    public void complete(Parameters slope, Parameters theta, AdamStep step) {
        List<Bucket> buckets = theta.buckets();
        for (int b = 0; b < buckets.size(); b++) {
            if (buckets.get(b).decay() == Decay.DECAYED) {
                theta.backend().addScaled(Vectors.at(slope, b), step.weightDecay(), Vectors.at(theta, b));
            }
        }
    }

    @Override
    public void freeze(Parameters first, AdamStep step) {
        // Nothing is kept from stage to stage.
    }

    @Override
    public void place(Parameters theta, Parameters start, double fraction, Combination slopes, AdamStep step) {
        for (int b = 0; b < theta.buckets().size(); b++) {
            theta.backend()
                    .move(Vectors.at(theta, b), Vectors.at(start, b), -fraction * step.learningRate(), slopes.at(b));
        }
    }

    @Override
    public void advance(Parameters theta, Parameters start, Combination slopes, AdamStep step) {
        place(theta, start, 1, slopes, step);
    }

    @Override
    public StageDifferences differences(Parameters first, Parameters second, Parameters third) {
        StageDifferences sums = StageDifferences.NONE;
        for (int b = 0; b < first.buckets().size(); b++) {
            sums = sums.plus(first.backend()
                    .stageDifferences(Vectors.at(first, b), Vectors.at(second, b), Vectors.at(third, b), null));
        }
        return sums;
    }

    @Override
    public Map<String, Parameters> state() {
        return Map.of();
    }

    @Override
    public void close() {
        // No memory.
    }
}

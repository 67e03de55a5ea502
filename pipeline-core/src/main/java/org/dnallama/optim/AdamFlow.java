package org.dnallama.optim;

import java.util.List;
import java.util.Map;
import org.dnallama.compute.AdamStep;
import org.dnallama.compute.StageDifferences;
import org.dnallama.model.Parameters;

/**
 * AdamW's flow: the slope is the gradient, seen through momentum and preconditioner. Both are frozen while stages are
 * placed, and take the mean gradient when the step is made; weight decay acts once, then.
 */
final class AdamFlow implements Flow {

    private final Parameters m;
    private final Parameters v;
    private final Parameters den;

    AdamFlow(Parameters like) {
        m = like.zerosLike();
        v = like.zerosLike();
        den = like.zerosLike();
    }

    @Override
    public void complete(Parameters slope, Parameters theta, AdamStep step) {
        // The gradient is all of it.
    }

    @Override
    public void freeze(Parameters first, AdamStep step) {
        for (int b = 0; b < den.buckets().size(); b++) {
            den.backend().adamDenominator(Vectors.at(den, b), Vectors.at(v, b), Vectors.at(first, b), step);
        }
    }

    @Override
    public void place(Parameters theta, Parameters start, double fraction, Combination slopes, AdamStep step) {
        for (int b = 0; b < theta.buckets().size(); b++) {
            theta.backend()
                    .placeStage(
                            Vectors.at(theta, b),
                            Vectors.at(start, b),
                            Vectors.at(m, b),
                            slopes.at(b),
                            Vectors.at(den, b),
                            fraction,
                            step);
        }
    }

    @Override
    public void advance(Parameters theta, Parameters start, Combination slopes, AdamStep step) {
        Vectors.adam(theta, start, m, v, slopes, step);
    }

    @Override
    public StageDifferences differences(Parameters first, Parameters second, Parameters third) {
        StageDifferences sums = StageDifferences.NONE;
        for (int b = 0; b < den.buckets().size(); b++) {
            sums = sums.plus(den.backend()
                    .stageDifferences(
                            Vectors.at(first, b), Vectors.at(second, b), Vectors.at(third, b), Vectors.at(den, b)));
        }
        return sums;
    }

    @Override
    public Map<String, Parameters> state() {
        return Vectors.moments(m, v);
    }

    @Override
    public void close() {
        List.of(m, v, den).forEach(Parameters::close);
    }
}

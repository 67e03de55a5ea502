package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dnallama.compute.Buffer;
import org.dnallama.model.Parameters;

/**
 * A learner beside which a running average of the weights is kept: after a turn that ends with step t, average = d
 * average + (1 - d) theta with d = min(decay, (1 + t) / (10 + t)), to the power of the turn's steps, so that it forgets
 * its start soon. The average is part of the state, so checkpoints hold it.
 *
 * @see <a href="https://arxiv.org/abs/1806.05594">Athiwaratkun et al. 2018, for averages of weights</a>
 */
final class SmoothedLearner implements Learner {

    private final Learner inner;
    private final double decay;
    private final Parameters theta;
    private final Parameters average;
    private final Parameters aside;

    /**
     * Starts at the weights.
     *
     * @param inner moves the weights; closed by its owner
     * @param decay in (0, 1)
     * @param theta the weights
     */
    SmoothedLearner(Learner inner, double decay, Parameters theta) {
        this.inner = inner;
        this.decay = decay;
        this.theta = theta;
        this.average = theta.zerosLike();
        this.aside = theta.zerosLike();
        average.copyFrom(theta);
    }

    @Override
    public Turn learn(long done, long most) {
        Turn turn = inner.learn(done, most);
        double step = (double) (done + turn.steps());
        double kept = Math.pow(Math.min(decay, (1 + step) / (10 + step)), (double) turn.steps());
        for (int b = 0; b < average.buckets().size(); b++) {
            Buffer mine = average.buckets().get(b).buffer();
            theta.backend().scale(mine, kept);
            theta.backend().addScaled(mine, 1 - kept, theta.buckets().get(b).buffer());
        }
        return turn;
    }

    /** Runs a body while the average stands in the place of the weights. */
    void within(Runnable body) {
        aside.copyFrom(theta);
        theta.copyFrom(average);
        try {
            body.run();
        } finally {
            theta.copyFrom(aside);
        }
    }

    Parameters average() {
        return average;
    }

    @Override
    public long gradientEvaluations() {
        return inner.gradientEvaluations();
    }

    @Override
    public Map<String, Parameters> state() {
        Map<String, Parameters> state = new LinkedHashMap<>(inner.state());
        state.put("average", average);
        return state;
    }

    @Override
    public void resume(long steps, long gradientEvaluations) {
        inner.resume(steps, gradientEvaluations);
    }

    @Override
    public void close() {
        average.close();
        aside.close();
    }
}

package org.dnallama.train;

import java.util.Map;
import org.dnallama.compute.Backend;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/**
 * A learner whose moves are smaller the nearer a tensor is to the input: what stands on top moves as the learner says,
 * the last block by {@code decay} of that, the one below by decay squared, and so on down to the embeddings. For one
 * step of AdamW that is a learning rate of its own for each layer.
 *
 * @see <a href="https://arxiv.org/abs/1801.06146">Howard and Ruder 2018, for discriminative fine-tuning</a>
 */
final class LayeredLearner implements Learner {

    private final Learner inner;
    private final double decay;
    private final int layers;
    private final Parameters theta;
    private final Parameters before;

    /**
     * A learner over another.
     *
     * @param inner moves the weights; closed by its owner
     * @param decay in (0, 1)
     * @param theta the weights
     */
    LayeredLearner(Learner inner, double decay, Parameters theta) {
        this.inner = inner;
        this.decay = decay;
        this.theta = theta;
        this.before = theta.zerosLike();
        this.layers = 1
                + theta.specs().stream()
                        .mapToInt(spec -> LlamaLayout.block(spec.name()))
                        .max()
                        .orElse(-1);
    }

    @Override
    public Turn learn(long done, long most) {
        before.copyFrom(theta);
        Turn turn = inner.learn(done, most);
        Backend backend = theta.backend();
        for (TensorSpec spec : theta.specs()) {
            double rate = rate(spec.name());
            backend.scale(theta.buffer(spec.name()), rate);
            backend.addScaled(theta.buffer(spec.name()), 1 - rate, before.buffer(spec.name()));
        }
        return turn;
    }

    private double rate(String name) {
        if (name.startsWith("model.embed_")) {
            return Math.pow(decay, layers + 1.0);
        }
        int block = LlamaLayout.block(name);
        return block < 0 ? 1 : Math.pow(decay, (double) layers - block);
    }

    @Override
    public long gradientEvaluations() {
        return inner.gradientEvaluations();
    }

    @Override
    public Map<String, Parameters> state() {
        return inner.state();
    }

    @Override
    public void resume(long steps, long gradientEvaluations) {
        inner.resume(steps, gradientEvaluations);
    }

    @Override
    public void close() {
        before.close();
    }
}

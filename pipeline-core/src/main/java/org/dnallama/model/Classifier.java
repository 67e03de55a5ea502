package org.dnallama.model;

import static org.dnallama.compute.Into.ADD;
import static org.dnallama.compute.Into.SET;

import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Matrix;

/** Two classes from a pooled hidden state. */
public final class Classifier implements Objective {

    private final Llama llama;
    private final ClassifierLoss loss;
    private final PooledStates pool;
    private final Scratch logits;
    private final Scratch smoothing;
    private final Scratch dHidden;

    /**
     * A classifier of a shape, trained by cross-entropy alone.
     *
     * @param backend where it computes
     * @param config its shape
     * @param pooling which states it reads
     */
    public Classifier(Backend backend, LlamaConfig config, Pooling pooling) {
        this(backend, config, pooling, ActivationMemory.KEPT, ClassifierLoss.PLAIN);
    }

    /**
     * A classifier of a shape.
     *
     * @param backend where it computes
     * @param config its shape
     * @param pooling which states it reads
     * @param memory what a forward keeps for its backward
     * @param loss what its training adds to the cross-entropy
     */
    public Classifier(
            Backend backend, LlamaConfig config, Pooling pooling, ActivationMemory memory, ClassifierLoss loss) {
        this.llama = new Llama(backend, config, memory);
        this.loss = loss;
        this.pool = new PooledStates(backend, pooling);
        this.logits = new Scratch(backend);
        this.smoothing = new Scratch(backend);
        this.dHidden = new Scratch(backend);
    }

    /** The cross-entropy of the classes, whatever training adds to it. */
    @Override
    public double loss(Parameters theta, Batch batch) {
        return backend().crossEntropy(classLogits(theta, batch), batch.targets(), 0);
    }

    /**
     * Probability of class 1.
     *
     * @param theta parameters
     * @param batch rows; targets are not read
     * @return one probability a row
     */
    public double[] probabilities(Parameters theta, Batch batch) {
        float[] values = new float[batch.rows() * LlamaLayout.CLASSES];
        backend().read(classLogits(theta, batch).buffer(), values);
        double[] probabilities = new double[batch.rows()];
        for (int r = 0; r < probabilities.length; r++) {
            probabilities[r] = 1 / (1 + Math.exp((double) values[2 * r] - values[2 * r + 1]));
        }
        return probabilities;
    }

    /**
     * What each token adds to a row's score, to first order: the gradient of the logit of class 1 less that of class 0
     * with respect to the token's summed embeddings, times these.
     *
     * @param theta parameters
     * @param batch rows; targets are not read
     * @return one number a token, shape (rows * sequenceLength)
     * @see <a href="https://arxiv.org/abs/1704.02685">Shrikumar, Greenside and Kundaje 2017</a>
     */
    public double[] saliency(Parameters theta, Batch batch) {
        Matrix hidden = llama.forward(theta, batch, Dropouts.NONE);
        Matrix dh = dHidden.matrix(hidden.rows(), hidden.columns());
        backend().fill(dh.buffer(), 0);
        Matrix pooled = pool.forward(hidden, theta, batch);
        Matrix dLogits = logits.matrix(batch.rows(), LlamaLayout.CLASSES);
        float[] difference = new float[batch.rows() * LlamaLayout.CLASSES];
        for (int i = 0; i < difference.length; i++) {
            difference[i] = i % LlamaLayout.CLASSES == 0 ? -1 : 1;
        }
        backend().write(dLogits.buffer(), difference);
        Matrix dPooled = pool.gradient(pooled);
        backend().linearInputGradient(dPooled, dLogits, theta.matrix(LlamaLayout.SCORE), SET);
        // Gradients of weights are not wanted, but for those that cannot be left out.
        try (Parameters forgotten = poolWeights(theta)) {
            pool.backward(dh, dPooled, hidden, theta, batch, forgotten);
            llama.backward(theta, batch, Dropouts.NONE, dh, forgotten, block -> {});
        }
        return llama.inputTimesGradient(batch);
    }

    private Parameters poolWeights(Parameters theta) {
        List<List<TensorSpec>> pool = theta.specs().stream()
                .filter(spec -> spec.name().equals(LlamaLayout.POOL))
                .map(List::of)
                .toList();
        return new Parameters(backend(), pool);
    }

    private Matrix classLogits(Parameters theta, Batch batch) {
        Matrix pooled = pool.readsFew()
                ? PooledStates.perRow(llama.states(theta, batch, pool.tokens(batch)), batch)
                : pool.forward(llama.read(theta, batch), theta, batch);
        return logits(pooled, theta.matrix(LlamaLayout.SCORE));
    }

    private Matrix logits(Matrix states, Matrix weight) {
        Matrix y = logits.matrix(states.rows(), weight.rows());
        backend().linear(y, states, weight, SET);
        return y;
    }

    @Override
    public double lossAndGradient(
            Parameters theta, Batch batch, Dropouts dropout, double scale, Parameters gradient, IntConsumer blockDone) {
        Matrix hidden = llama.forward(theta, batch, dropout);
        Matrix dh = dHidden.matrix(hidden.rows(), hidden.columns());
        backend().fill(dh.buffer(), 0);
        double sum = classes(hidden, dh, theta, batch, dropout, scale, gradient);
        if (loss.replacedWeight() > 0 && batch.replaced().length > 0) {
            sum += replaced(hidden, dh, theta, batch, scale, gradient);
        }
        llama.backward(theta, batch, dropout, dh, gradient, blockDone);
        return sum;
    }

    private double classes(
            Matrix hidden,
            Matrix dh,
            Parameters theta,
            Batch batch,
            Dropouts dropout,
            double scale,
            Parameters gradient) {
        Matrix pooled = pool.forward(hidden, theta, batch);
        drop(pooled, dropout.ofPooled());
        Matrix dLogits = logits(pooled, theta.matrix(LlamaLayout.SCORE));
        double sum = crossEntropy(dLogits, batch.targets(), scale);
        backend().linearWeightGradient(gradient.matrix(LlamaLayout.SCORE), dLogits, pooled);
        Matrix dPooled = pool.gradient(pooled);
        backend().linearInputGradient(dPooled, dLogits, theta.matrix(LlamaLayout.SCORE), SET);
        drop(dPooled, dropout.ofPooled());
        pool.backward(dh, dPooled, hidden, theta, batch, gradient);
        return sum;
    }

    private void drop(Matrix x, Dropouts.Site dropout) {
        if (dropout.rate() > 0) {
            backend().dropout(x.buffer(), dropout.rate(), dropout.key());
        }
    }

    /** With smoothed targets: (1 - e/2) of the target's loss and e/2 of the other class's. */
    private double crossEntropy(Matrix dLogits, int[] targets, double scale) {
        double spread = loss.labelSmoothing() / LlamaLayout.CLASSES;
        if (spread == 0) {
            return backend().crossEntropy(dLogits, targets, scale);
        }
        Matrix other = smoothing.matrix(dLogits.rows(), dLogits.columns());
        backend().copy(other.buffer(), dLogits.buffer());
        int[] others = Arrays.stream(targets)
                .map(target -> target < 0 ? target : 1 - target)
                .toArray();
        double sum = (1 - spread) * backend().crossEntropy(dLogits, targets, scale * (1 - spread))
                + spread * backend().crossEntropy(other, others, scale * spread);
        backend().addScaled(dLogits.buffer(), 1, other.buffer());
        return sum;
    }

    /** Asks each token whether its base was replaced, and adds to the gradient of the hidden states. */
    private double replaced(
            Matrix hidden, Matrix dh, Parameters theta, Batch batch, double scale, Parameters gradient) {
        Matrix dLogits = logits(hidden, theta.matrix(LlamaLayout.REPLACED));
        int length = batch.sequenceLength();
        double sum = 0;
        for (int r = 0; r < batch.rows(); r++) {
            int[] answers = Arrays.copyOfRange(batch.replaced(), r * length, (r + 1) * length);
            double weight = loss.replacedWeight() / batch.lengths()[r];
            sum += weight * backend().crossEntropy(dLogits.rows(r * length, length), answers, scale * weight);
        }
        backend().linearWeightGradient(gradient.matrix(LlamaLayout.REPLACED), dLogits, hidden);
        backend().linearInputGradient(dh, dLogits, theta.matrix(LlamaLayout.REPLACED), ADD);
        return sum;
    }

    private Backend backend() {
        return llama.backend();
    }

    @Override
    public void close() {
        llama.close();
        pool.close();
        logits.close();
        smoothing.close();
        dHidden.close();
    }
}

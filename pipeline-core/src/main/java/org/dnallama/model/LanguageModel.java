package org.dnallama.model;

import static org.dnallama.compute.Into.SET;

import java.util.Arrays;
import java.util.function.IntConsumer;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;

/** Next-token prediction. Logits are made for some tokens at a time, so they never lie in memory for a whole batch. */
public final class LanguageModel implements Objective {

    /** Most logits held at once: 8 MiB of them, so that they stay in a cache until their gradients are used. */
    private static final int LOGITS = 1 << 21;

    private final Llama llama;
    private final int chunk;
    private final Buffer logits;
    private final Scratch dHidden;

    /**
     * A language model of a shape.
     *
     * @param backend where it computes
     * @param config its shape
     */
    public LanguageModel(Backend backend, LlamaConfig config) {
        this(backend, config, ActivationMemory.KEPT);
    }

    /**
     * A language model of a shape.
     *
     * @param backend where it computes
     * @param config its shape
     * @param memory what a forward keeps for its backward
     */
    public LanguageModel(Backend backend, LlamaConfig config, ActivationMemory memory) {
        this.llama = new Llama(backend, config, memory);
        this.chunk = Math.max(1, Math.min(1024, LOGITS / config.vocabularySize()));
        this.logits = backend.allocate((long) chunk * config.vocabularySize());
        this.dHidden = new Scratch(backend);
    }

    @Override
    public double loss(Parameters theta, Batch batch) {
        Matrix hidden = llama.forward(theta, batch, Dropouts.NONE);
        double loss = 0;
        for (int at = 0; at < hidden.rows(); at += chunk) {
            int count = Math.min(chunk, hidden.rows() - at);
            loss += llama.backend().crossEntropy(logits(theta, hidden.rows(at, count)), targets(batch, at, count), 0);
        }
        return loss;
    }

    @Override
    public double lossAndGradient(
            Parameters theta, Batch batch, Dropouts dropout, double scale, Parameters gradient, IntConsumer blockDone) {
        Backend backend = llama.backend();
        Matrix hidden = llama.forward(theta, batch, dropout);
        Matrix d = dHidden.matrix(hidden.rows(), hidden.columns());
        double loss = 0;
        for (int at = 0; at < hidden.rows(); at += chunk) {
            int count = Math.min(chunk, hidden.rows() - at);
            Matrix some = hidden.rows(at, count);
            Matrix dLogits = logits(theta, some);
            loss += backend.crossEntropy(dLogits, targets(batch, at, count), scale);
            if (gradient.has(headName())) {
                backend.linearWeightGradient(gradient.matrix(headName()), dLogits, some);
            }
            backend.linearInputGradient(d.rows(at, count), dLogits, theta.matrix(headName()), SET);
        }
        llama.backward(theta, batch, dropout, d, gradient, blockDone);
        return loss;
    }

    private Matrix logits(Parameters theta, Matrix hidden) {
        Matrix out = Matrix.of(logits, hidden.rows(), llama.config().vocabularySize());
        llama.backend().linear(out, hidden, theta.matrix(headName()), SET);
        return out;
    }

    private String headName() {
        return LlamaLayout.languageModelHead(llama.config());
    }

    private static int[] targets(Batch batch, int from, int count) {
        return Arrays.copyOfRange(batch.targets(), from, from + count);
    }

    @Override
    public void close() {
        llama.close();
        logits.close();
        dHidden.close();
    }
}

package org.dnallama.generate;

import static org.dnallama.compute.Into.SET;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.config.InputException;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.Dropouts;
import org.dnallama.model.KeyValueCache;
import org.dnallama.model.Llama;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;

/**
 * A language model that reads rows of tokens, at once or bit by bit, and tells what it thinks comes next. Not safe for
 * use by several threads: each has its own, over shared parameters.
 */
public final class Decoder implements AutoCloseable {

    /** Most logits held at once: 16 MiB of them. */
    private static final int LOGITS = 1 << 22;

    private final Llama llama;
    private final Parameters theta;
    private final int chunk;
    private final Buffer logits;

    /**
     * A model of a shape over its parameters.
     *
     * @param config its shape
     * @param theta parameters of a language model of that shape; closed by the caller
     */
    public Decoder(LlamaConfig config, Parameters theta) {
        this.llama = new Llama(theta.backend(), config, ActivationMemory.CHECKPOINTED);
        this.theta = theta;
        this.chunk = Math.max(1, LOGITS / config.vocabularySize());
        this.logits = theta.backend().allocate((long) chunk * config.vocabularySize());
    }

    /**
     * Room for rows that are read bit by bit.
     *
     * @param rows how many
     * @param tokens most in a row
     * @return an empty cache, to be closed by the caller
     * @throws InputException if that is more than the model's context
     */
    public KeyValueCache cache(int rows, int tokens) {
        int most = llama.config().contextLength();
        if (tokens > most) {
            throw new InputException(
                    "%d tokens do not fit the model's context of %d; give shorter texts or ask for fewer new tokens"
                            .formatted(tokens, most));
        }
        return new KeyValueCache(backend(), llama.config(), rows, tokens);
    }

    /**
     * Reads on.
     *
     * @param cache what the rows have so far; takes up the tokens
     * @param tokens each row's new tokens, at least one
     * @return hidden states, shape (rows * longest, dim); valid until the next reading
     */
    public Matrix read(KeyValueCache cache, List<int[]> tokens) {
        return llama.extend(theta, cache, tokens);
    }

    /**
     * What comes after each row.
     *
     * @param cache what the rows have so far; takes up the tokens
     * @param tokens each row's new tokens, at least one
     * @return logits of the token after each row's last one, shape (rows, vocabularySize)
     */
    public float[][] next(KeyValueCache cache, List<int[]> tokens) {
        Matrix hidden = read(cache, tokens);
        int longest = hidden.rows() / tokens.size();
        float[][] next = new float[tokens.size()][llama.config().vocabularySize()];
        for (int r = 0; r < next.length; r++) {
            Matrix row = logits(hidden.rows(r * longest + tokens.get(r).length - 1, 1));
            backend().read(row.buffer(), next[r]);
        }
        return next;
    }

    /**
     * How unexpected tokens are.
     *
     * @param hidden states from {@link #read}
     * @param targets the token that follows each state, or -1
     * @return each target's negative log likelihood in nats; 0 where there is none
     */
    public double[] losses(Matrix hidden, int[] targets) {
        double[] losses = new double[targets.length];
        for (int at = 0; at < targets.length; at += chunk) {
            int count = Math.min(chunk, targets.length - at);
            Matrix some = logits(hidden.rows(at, count));
            for (int r = 0; r < count; r++) {
                losses[at + r] = backend().crossEntropy(some.rows(r, 1), new int[] {targets[at + r]}, 0);
            }
        }
        return losses;
    }

    /**
     * How unexpected each token of some rows is, given those before it: what training calls the loss, token by token.
     *
     * @param rows token ids of each row, at least one row and one token
     * @return for each row the negative log likelihoods, in nats, of all its tokens but the first
     * @throws InputException if a row is longer than the model's context
     */
    public List<double[]> losses(List<int[]> rows) {
        int most = llama.config().contextLength();
        for (int[] row : rows) {
            if (row.length > most) {
                throw new InputException("a text of %d tokens does not fit the model's context of %d; cut it"
                        .formatted(row.length, most));
            }
        }
        Batch batch = Batches.languageModel(rows, 0);
        double[] losses = losses(llama.forward(theta, batch, Dropouts.NONE), batch.targets());
        List<double[]> ofRows = new ArrayList<>();
        for (int r = 0; r < rows.size(); r++) {
            int first = r * batch.sequenceLength();
            ofRows.add(Arrays.copyOfRange(losses, first, first + rows.get(r).length - 1));
        }
        return ofRows;
    }

    private Matrix logits(Matrix hidden) {
        int classes = llama.config().vocabularySize();
        Matrix out = Matrix.of(logits.slice(0, (long) hidden.rows() * classes), hidden.rows(), classes);
        backend().linear(out, hidden, theta.matrix(LlamaLayout.languageModelHead(llama.config())), SET);
        return out;
    }

    private Backend backend() {
        return llama.backend();
    }

    @Override
    public void close() {
        llama.close();
        logits.close();
    }
}

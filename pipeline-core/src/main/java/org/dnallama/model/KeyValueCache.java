package org.dnallama.model;

import java.util.ArrayList;
import java.util.List;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.Matrix;

/**
 * Keys and values of the tokens that rows of text have so far, in every block, so that a further token costs no more
 * than itself. Rows may differ in length. Filled by {@link Llama#extend}.
 */
public final class KeyValueCache implements AutoCloseable {

    private final Backend backend;
    private final LlamaConfig config;
    private final int capacity;
    private final int[] lengths;
    private final List<Matrix> blocks = new ArrayList<>();

    /**
     * An empty cache.
     *
     * @param backend the model's
     * @param config the model's shape
     * @param rows rows of text
     * @param capacity most tokens in a row
     * @throws IllegalArgumentException if that is more than the context length
     */
    public KeyValueCache(Backend backend, LlamaConfig config, int rows, int capacity) {
        if (rows < 1 || capacity < 1 || capacity > config.contextLength()) {
            throw new IllegalArgumentException("no cache: %d rows of %d tokens, contextLength = %d"
                    .formatted(rows, capacity, config.contextLength()));
        }
        if (!config.extensions().isNone()) {
            throw new IllegalArgumentException("a model with " + config.extensions()
                    + " reads whole rows; only a plain one can go token by token");
        }
        this.backend = backend;
        this.config = config;
        this.capacity = capacity;
        this.lengths = new int[rows];
        for (int l = 0; l < config.layers(); l++) {
            Buffer buffer = backend.allocate((long) rows * capacity * width());
            blocks.add(Matrix.of(buffer, rows * capacity, width()));
        }
    }

    /** Numbers that a token leaves in a block: its keys, then its values. */
    private int width() {
        return 2 * config.kvHeads() * config.headDim();
    }

    /**
     * Tokens in each row.
     *
     * @return a copy
     */
    public int[] lengths() {
        return lengths.clone();
    }

    /**
     * Forgets the tokens at the end of rows.
     *
     * @param shorter tokens to keep in each row
     * @throws IllegalArgumentException if that is more than there are
     */
    public void rewind(int[] shorter) {
        for (int r = 0; r < lengths.length; r++) {
            if (shorter[r] < 0 || shorter[r] > lengths[r]) {
                throw new IllegalArgumentException(
                        "row %d has %d tokens and cannot keep %d".formatted(r, lengths[r], shorter[r]));
            }
        }
        System.arraycopy(shorter, 0, lengths, 0, lengths.length);
    }

    /**
     * New tokens as a batch: their positions go on from the row's, and each sees all that came before it. Short rows
     * are filled up with their last token, which sees what that one sees and leaves nothing in the cache.
     */
    Batch next(List<int[]> tokens) {
        if (tokens.size() != lengths.length) {
            throw new IllegalArgumentException("%d rows meet a cache of %d".formatted(tokens.size(), lengths.length));
        }
        int longest = tokens.stream().mapToInt(row -> row.length).max().orElseThrow();
        int[] ids = new int[tokens.size() * longest];
        int[] positions = new int[ids.length];
        int[] end = new int[ids.length];
        int[] counts = new int[tokens.size()];
        for (int r = 0; r < counts.length; r++) {
            int[] row = tokens.get(r);
            if (row.length < 1 || lengths[r] + row.length > capacity) {
                throw new IllegalArgumentException("row %d: %d new tokens after %d do not fit a cache of %d"
                        .formatted(r, row.length, lengths[r], capacity));
            }
            counts[r] = row.length;
            for (int t = 0; t < longest; t++) {
                int at = r * longest + t;
                int own = Math.min(t, row.length - 1);
                ids[at] = row[own];
                positions[at] = lengths[r] + own;
                end[at] = positions[at] + 1;
            }
        }
        KeyRanges ranges = new KeyRanges(new int[ids.length], end);
        return new Batch(counts.length, longest, ids, positions, ranges, new int[0], counts);
    }

    /** Takes up a block's new keys and values, and lets its queries meet all keys of their row. */
    void attend(int layer, Activations.Block block, Batch batch, AttentionShape shape) {
        Matrix kept = blocks.get(layer);
        for (int r = 0; r < batch.rows(); r++) {
            for (int t = 0; t < batch.lengths()[r]; t++) {
                Matrix token = block.qkv().rows(r * batch.sequenceLength() + t, 1);
                Buffer target = kept.rows(r * capacity + lengths[r] + t, 1).buffer();
                backend.copy(
                        target.slice(0, width()),
                        token.columns(config.dim(), width()).buffer().slice(0, width()));
            }
        }
        if (isEmpty()) {
            // All keys are in the batch itself, and the kernel for that goes over many queries at once.
            backend.attention(block.attended(), block.logSumExp(), block.qkv(), batch.ranges(), shape);
        } else {
            Matrix queries = block.qkv().columns(0, config.dim());
            backend.cachedAttention(block.attended(), queries, kept, batch.ranges(), shape);
        }
    }

    private boolean isEmpty() {
        for (int length : lengths) {
            if (length > 0) {
                return false;
            }
        }
        return true;
    }

    /** Counts a batch's tokens once all blocks have taken them up. */
    void advance(Batch batch) {
        for (int r = 0; r < lengths.length; r++) {
            lengths[r] += batch.lengths()[r];
        }
    }

    @Override
    public void close() {
        blocks.forEach(block -> block.buffer().close());
    }
}

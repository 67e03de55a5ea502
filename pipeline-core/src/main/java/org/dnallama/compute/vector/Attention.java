package org.dnallama.compute.vector;

import java.util.Arrays;
import org.dnallama.compute.AttentionShape;
import org.dnallama.compute.KeyRanges;

/**
 * Grouped-query attention, some queries at a time. A group of queries multiplies only the keys that one of it sees; the
 * backward computes the probabilities again from the kept log-sum-exp, a block of keys at a time. So no (length x
 * length) matrix is ever held, and what inner loops touch stays in the cache.
 *
 * @see <a href="https://arxiv.org/abs/2205.14135">Dao et al. 2022, for the recomputation</a>
 */
final class Attention {

    private static final int ROWS = TileKernels.ROWS;

    private static final double LN_2 = 0.6931471805599453;

    /** Queries that share a block of keys while the first-level cache holds it. */
    private static final int GROUP = 4 * ROWS;

    /** Keys of a block; of the backward, keys, values and their gradients fit into the second-level cache together. */
    private static final int BLOCK = 128;

    private final RowKernels rows;
    private final TileKernels tiles;
    private Scratch scratch;

    Attention(RowKernels rows, TileKernels tiles) {
        this.rows = rows;
        this.tiles = tiles;
        this.scratch = new Scratch(tiles, 1, 1);
    }

    void forward(View out, NativeBuffer logSumExp, View qkv, KeyRanges ranges, AttentionShape shape) {
        reserve(shape);
        Columns columns = new Columns(shape);
        for (int b = 0; b < shape.batch(); b++) {
            Sequence sequence = new Sequence(b, shape, ranges);
            for (int kv = 0; kv < shape.kvHeads(); kv++) {
                load(scratch.key, columns.key(kv), qkv, sequence, 1);
                scratch.toTiles(scratch.keyTiles, scratch.key, shape);
                load(scratch.value, columns.value(kv), qkv, sequence, 1);
                for (int head = columns.firstHead(kv); head < columns.firstHead(kv + 1); head++) {
                    load(scratch.query, columns.query(head), qkv, sequence, (float) (factor(shape) / LN_2));
                    for (int i = 0; i < shape.sequenceLength(); i += GROUP) {
                        attend(i, sequence);
                        finish(i, head, out, logSumExp, sequence);
                    }
                }
            }
        }
    }

    /** Scores, softmax's numerators and their weighted values, for a group of queries from {@code i} on. */
    private void attend(int i, Sequence sequence) {
        Scratch s = scratch;
        int depth = sequence.shape.headDim();
        int from = sequence.first(i) / tiles.width() * tiles.width();
        int to = sequence.end(i + GROUP - 1);
        for (int k = from; k < to; k += BLOCK) {
            for (int r = 0; r < GROUP; r += ROWS) {
                int keys = keysOfBlock(i + r, k, sequence);
                int count = (keys + tiles.width() - 1) / tiles.width();
                tiles.scores(s.scores.row(r, k - from), s.query.row(i + r), s.keyTiles.at(k * depth), depth, count);
            }
        }
        for (int r = 0; r < GROUP; r++) {
            int first = 0;
            int end = 0;
            if (i + r < sequence.length) {
                first = sequence.first(i + r) - from;
                end = sequence.end(i + r) - from;
                s.sum[r] = tiles.exp2OfScores(s.scores.row(r), first, end, s.peak, r);
            }
            s.scores.clear(r, 0, first);
            s.scores.clear(r, end, to - from);
        }
        Arrays.fill(s.out.data, 0f);
        for (int k = from; k < to; k += BLOCK) {
            for (int r = 0; r < GROUP; r += ROWS) {
                int keys = keysOfBlock(i + r, k, sequence);
                tiles.weightedRows(s.out.row(r), s.scores.row(r, k - from), s.value.row(k), keys, s.depthTiles());
            }
        }
    }

    /** How many keys from {@code k} on, up to a block of them, the last of four queries may see. */
    private static int keysOfBlock(int query, int k, Sequence sequence) {
        return Math.max(0, Math.min(BLOCK, sequence.end(query + ROWS - 1) - k));
    }

    private void finish(int i, int head, View out, NativeBuffer logSumExp, Sequence sequence) {
        AttentionShape shape = sequence.shape;
        Row sums = logSumExp.row(0);
        for (int r = 0; r < GROUP && i + r < sequence.length; r++) {
            int token = sequence.firstToken + i + r;
            Row target = out.row(token).plus(head * shape.headDim());
            rows.store(target, 1 / scratch.sum[r], scratch.out.row(r), shape.headDim());
            sums.put(token * shape.heads() + head, (float) (scratch.peak[r] * LN_2 + Logarithm.of(scratch.sum[r])));
        }
    }

    void backward(Gradients d, View out, NativeBuffer logSumExp, View qkv, KeyRanges ranges, AttentionShape shape) {
        reserve(shape);
        Scratch s = scratch;
        Columns columns = new Columns(shape);
        double factor = factor(shape);
        for (int b = 0; b < shape.batch(); b++) {
            Sequence sequence = new Sequence(b, shape, ranges);
            for (int kv = 0; kv < shape.kvHeads(); kv++) {
                load(s.key, columns.key(kv), qkv, sequence, 1);
                s.toTiles(s.keyTiles, s.key, shape);
                load(s.value, columns.value(kv), qkv, sequence, 1);
                s.toTiles(s.valueTiles, s.value, shape);
                Arrays.fill(s.dKey.data, 0f);
                Arrays.fill(s.dValue.data, 0f);
                for (int head = columns.firstHead(kv); head < columns.firstHead(kv + 1); head++) {
                    load(s.query, columns.query(head), qkv, sequence, (float) (factor / LN_2));
                    load(s.dOut, columns.query(head), d.out(), sequence, 1);
                    loadStatistics(head, d.out(), out, logSumExp, sequence);
                    Arrays.fill(s.dQuery.data, 0f);
                    for (int from = 0; from < shape.sequenceLength(); from += BLOCK) {
                        backwardOfBlock(from, sequence);
                    }
                    store(columns.query(head), d.qkv(), s.dQuery, sequence, (float) factor);
                }
                // The queries that the keys' gradients were summed from carry 1 / LN_2.
                store(columns.key(kv), d.qkv(), s.dKey, sequence, (float) LN_2);
                store(columns.value(kv), d.qkv(), s.dValue, sequence, 1);
            }
        }
    }

    /** Gradients of attention's output and input. */
    record Gradients(View out, View qkv) {}

    /** For every query the log-sum-exp, and the mean of its probabilities' gradients, which is dOut times out. */
    private void loadStatistics(int head, View dOut, View out, NativeBuffer logSumExp, Sequence sequence) {
        AttentionShape shape = sequence.shape;
        Row sums = logSumExp.row(0);
        for (int t = 0; t < sequence.length; t++) {
            int token = sequence.firstToken + t;
            int column = head * shape.headDim();
            scratch.log2SumExp[t] = (float) (sums.get(token * shape.heads() + head) / LN_2);
            scratch.mean[t] =
                    rows.dot(dOut.row(token).plus(column), out.row(token).plus(column), shape.headDim());
        }
    }

    /** What the keys of a block get from, and give to, all queries that see one of them. */
    private void backwardOfBlock(int blockStart, Sequence sequence) {
        int blockEnd = Math.min(blockStart + BLOCK, sequence.length);
        for (int i = 0; i < sequence.length; i += ROWS) {
            int first = Math.max(blockStart, sequence.first(i) / tiles.width() * tiles.width());
            int end = Math.min(blockEnd, sequence.end(i + ROWS - 1));
            if (first < end) {
                backwardOfQueries(i, first, end, sequence);
            }
        }
    }

    private void backwardOfQueries(int i, int from, int to, Sequence sequence) {
        Scratch s = scratch;
        int depth = sequence.shape.headDim();
        int keys = to - from;
        int count = (keys + tiles.width() - 1) / tiles.width();
        tiles.scores(s.scores.row(0), s.query.row(i), s.keyTiles.at(from * depth), depth, count);
        tiles.scores(s.dScores.row(0), s.dOut.row(i), s.valueTiles.at(from * depth), depth, count);
        for (int r = 0; r < ROWS; r++) {
            int first = 0;
            int end = 0;
            if (i + r < sequence.length) {
                first = Math.min(keys, Math.max(0, sequence.first(i + r) - from));
                end = Math.max(first, Math.min(keys, sequence.end(i + r) - from));
            }
            if (first < end) {
                tiles.softmaxBackward(
                        s.scores.row(r), s.dScores.row(r), first, end, s.log2SumExp[i + r], s.mean[i + r]);
            }
            s.scores.clear(r, 0, first);
            s.scores.clear(r, end, keys);
            s.dScores.clear(r, 0, first);
            s.dScores.clear(r, end, keys);
        }
        int depthTiles = s.depthTiles();
        tiles.outerProducts(s.dValue.row(from), s.scores.row(0), s.dOut.row(i), keys, depthTiles);
        tiles.weightedRows(s.dQuery.row(i), s.dScores.row(0), s.key.row(from), keys, depthTiles);
        tiles.outerProducts(s.dKey.row(from), s.dScores.row(0), s.query.row(i), keys, depthTiles);
    }

    private static double factor(AttentionShape shape) {
        return 1 / Math.sqrt(shape.headDim());
    }

    /** Copies the columns of one head; the panel's padding stays zero. */
    private void load(Panel panel, int column, View source, Sequence sequence, float factor) {
        int depth = sequence.shape.headDim();
        for (int t = 0; t < sequence.length; t++) {
            Row row = source.row(sequence.firstToken + t).plus(column);
            rows.load(panel.row(t), factor, row, depth);
        }
    }

    private void store(int column, View target, Panel panel, Sequence sequence, float factor) {
        int depth = sequence.shape.headDim();
        for (int t = 0; t < sequence.length; t++) {
            Row row = target.row(sequence.firstToken + t).plus(column);
            rows.store(row, factor, panel.row(t), depth);
        }
    }

    private void reserve(AttentionShape shape) {
        if (!scratch.fits(shape)) {
            scratch = new Scratch(tiles, shape.sequenceLength(), shape.headDim());
        }
    }

    /** Where heads begin in a row of queries, keys and values. */
    private record Columns(AttentionShape shape) {
        int firstHead(int kv) {
            return kv * (shape.heads() / shape.kvHeads());
        }

        int query(int head) {
            return head * shape.headDim();
        }

        int key(int kv) {
            return (shape.heads() + kv) * shape.headDim();
        }

        int value(int kv) {
            return (shape.heads() + shape.kvHeads() + kv) * shape.headDim();
        }
    }

    /** One row of the batch, and what its queries see. */
    private static final class Sequence {
        private final AttentionShape shape;
        private final KeyRanges ranges;
        private final int firstToken;
        private final int length;

        Sequence(int index, AttentionShape shape, KeyRanges ranges) {
            this.shape = shape;
            this.ranges = ranges;
            this.length = shape.sequenceLength();
            this.firstToken = index * length;
        }

        /** First key that a query sees; beyond the last query, the last one's. */
        int first(int query) {
            return ranges.first()[firstToken + Math.min(query, length - 1)];
        }

        int end(int query) {
            return ranges.end()[firstToken + Math.min(query, length - 1)];
        }
    }

    /** Memory for one head of one sequence; depth and length are padded with zeros to whole tiles. */
    private static final class Scratch {
        private final int length;
        private final int depth;
        private final int width;
        private final int paddedDepth;
        private final Panel query;
        private final Panel dQuery;
        private final Panel dOut;
        private final Panel key;
        private final Panel dKey;
        private final Panel value;
        private final Panel dValue;
        private final Panel keyTiles;
        private final Panel valueTiles;
        private final Panel scores;
        private final Panel dScores;
        private final Panel out;
        private final float[] log2SumExp;
        private final float[] mean;
        private final float[] sum = new float[GROUP];
        private final float[] peak = new float[GROUP];

        Scratch(TileKernels tiles, int length, int depth) {
            this.length = length;
            this.depth = depth;
            this.width = tiles.width();
            this.paddedDepth = padded(depth, width);
            int paddedLength = padded(length, Math.max(width, GROUP));
            query = new Panel(paddedLength, paddedDepth);
            dQuery = new Panel(paddedLength, paddedDepth);
            dOut = new Panel(paddedLength, paddedDepth);
            key = new Panel(paddedLength, paddedDepth);
            dKey = new Panel(paddedLength, paddedDepth);
            value = new Panel(paddedLength, paddedDepth);
            dValue = new Panel(paddedLength, paddedDepth);
            keyTiles = new Panel(paddedLength, depth);
            valueTiles = new Panel(paddedLength, depth);
            scores = new Panel(GROUP, paddedLength);
            dScores = new Panel(ROWS, padded(Math.min(length, BLOCK), width));
            out = new Panel(GROUP, paddedDepth);
            log2SumExp = new float[length];
            mean = new float[length];
        }

        boolean fits(AttentionShape shape) {
            return shape.sequenceLength() == length && shape.headDim() == depth;
        }

        int depthTiles() {
            return paddedDepth / width;
        }

        /** Number (d, j) of tile t becomes number (t * width + j, d) of the rows. */
        void toTiles(Panel tile, Panel rows, AttentionShape shape) {
            int at = 0;
            for (int t = 0; t < shape.sequenceLength(); t += width) {
                for (int d = 0; d < depth; d++) {
                    for (int j = 0; j < width; j++) {
                        tile.data[at++] = rows.data[(t + j) * rows.stride + d];
                    }
                }
            }
        }

        private static int padded(int size, int unit) {
            return (size + unit - 1) / unit * unit;
        }
    }
}

package org.dnallama.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.dnallama.compute.TwinCase.Twin;
import org.dnallama.compute.TwinCase.TwinMatrix;
import org.junit.jupiter.api.Test;

/**
 * What every backend must do: each kernel, over many seeded shapes (one row, odd lengths, strided views), agrees with
 * {@link ReferenceBackend}, gives the same bits when it is called again, and touches nothing but its output.
 */
public abstract class BackendContract {

    /** Enough that sizes of 1, of a multiple of 8 and in between meet in most combinations. */
    private static final int SEEDS = 60;

    /**
     * The backend to test.
     *
     * @return a backend that computes in float32
     */
    protected abstract Backend backend();

    private void forEachSeed(Consumer<TwinCase> body) {
        TwinCase.forEachSeed(backend(), SEEDS, body);
    }

    @Test
    void memoryStartsAtZeroAndComesBackAsWritten() {
        try (Buffer buffer = backend().allocate(5)) {
            float[] read = {9, 9, 9, 9, 9};
            backend().read(buffer, read);
            assertThat(read).containsOnly(0f);

            backend().write(buffer.slice(1, 3), new float[] {1, -2, 3e30f});
            backend().read(buffer, read);
            assertThat(read).containsExactly(0, 1, -2, 3e30f, 0);
        }
    }

    @Test
    void slicesAndCopiesStayInBounds() {
        try (Buffer buffer = backend().allocate(5)) {
            assertThatThrownBy(() -> buffer.slice(3, 3)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> buffer.slice(-1, 2)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> backend().write(buffer, new float[6]))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> backend().read(buffer, new float[4])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void linearAndItsGradients() {
        forEachSeed(c -> {
            int rows = c.size(33);
            int inputs = c.size(40);
            int outputs = c.size(40);
            TwinMatrix x = c.strided(rows, inputs);
            TwinMatrix w = c.strided(outputs, inputs);
            TwinMatrix y = c.strided(rows, outputs);
            TwinMatrix dx = c.strided(rows, inputs);
            TwinMatrix dw = c.strided(outputs, inputs);
            TwinMatrix dy = c.strided(rows, outputs);
            Into into = c.into();
            c.compare(b -> {
                b.linear(y.on(b), x.on(b), w.on(b), into);
                b.linearInputGradient(dx.on(b), dy.on(b), w.on(b), into);
                b.linearWeightGradient(dw.on(b), dy.on(b), x.on(b));
            });
        });
    }

    @Test
    void rmsNormAndItsGradient() {
        forEachSeed(c -> {
            int rows = c.size(9);
            int dim = c.size(70);
            TwinMatrix x = c.dense(rows, dim);
            TwinMatrix y = c.dense(rows, dim);
            TwinMatrix dx = c.dense(rows, dim);
            TwinMatrix dy = c.dense(rows, dim);
            Twin gain = c.numbers(dim);
            Twin dGain = c.numbers(dim);
            Twin inverseRms = c.numbers(rows);
            Into into = c.into();
            // An eps as large as x^2 keeps 1/rms near 1, so that one tolerance serves all rows.
            c.compare(b -> {
                b.rmsNorm(y.on(b), inverseRms.on(b), x.on(b), gain.on(b), 0.5);
                b.rmsNormBackward(dx.on(b), into, dGain.on(b), dy.on(b), x.on(b), gain.on(b), inverseRms.on(b));
            });
        });
    }

    @Test
    void rope() {
        forEachSeed(c -> {
            int tokens = c.size(9);
            int headDim = 2 * c.size(20);
            TwinMatrix x = c.strided(tokens, headDim * c.size(4));
            TwinMatrix table = c.strided(11, headDim);
            int[] positions = c.integers(tokens, 0, 11);
            Rotation direction = c.oneOf(List.of(Rotation.values()));
            c.compare(b -> b.rope(x.on(b), headDim, table.on(b), positions, direction));
        });
    }

    @Test
    void attentionAndItsGradient() {
        forEachSeed(c -> {
            int kvHeads = c.size(3);
            // Now and then a sequence that a backend cuts into blocks.
            int length = c.below(4) == 0 ? 60 + c.size(90) : c.size(37);
            AttentionShape shape = new AttentionShape(c.size(3), length, kvHeads * c.size(3), kvHeads, c.size(19));
            int width = shape.heads() * shape.headDim();
            int all = width + 2 * kvHeads * shape.headDim();
            KeyRanges ranges = ranges(c, shape);
            TwinMatrix qkv = c.strided(shape.tokens(), all);
            TwinMatrix dQkv = c.strided(shape.tokens(), all);
            TwinMatrix out = c.strided(shape.tokens(), width);
            TwinMatrix dOut = c.strided(shape.tokens(), width);
            Twin logSumExp = c.numbers(shape.tokens() * shape.heads());
            c.compare(b -> {
                b.attention(out.on(b), logSumExp.on(b), qkv.on(b), ranges, shape);
                b.attentionBackward(dQkv.on(b), dOut.on(b), out.on(b), logSumExp.on(b), qkv.on(b), ranges, shape);
            });
        });
    }

    @Test
    void cachedAttention() {
        forEachSeed(c -> {
            int kvHeads = c.size(3);
            AttentionShape shape = new AttentionShape(c.size(3), c.size(5), kvHeads * c.size(3), kvHeads, c.size(19));
            int capacity = shape.sequenceLength() + c.below(4) * c.size(40);
            KeyRanges ranges = lastTokens(c, shape, capacity);
            int width = shape.heads() * shape.headDim();
            TwinMatrix queries = c.strided(shape.tokens(), width);
            TwinMatrix keysValues = c.strided(shape.batch() * capacity, 2 * kvHeads * shape.headDim());
            TwinMatrix out = c.strided(shape.tokens(), width);
            c.compare(b -> b.cachedAttention(out.on(b), queries.on(b), keysValues.on(b), ranges, shape));
        });
    }

    /** The queries are the last tokens of sequences of unequal length, some in the middle of a document. */
    private static KeyRanges lastTokens(TwinCase c, AttentionShape shape, int capacity) {
        int[] first = new int[shape.tokens()];
        int[] end = new int[shape.tokens()];
        for (int sequence = 0; sequence < shape.batch(); sequence++) {
            int before = c.below(capacity - shape.sequenceLength() + 1);
            int start = c.below(before + 1);
            for (int i = 0; i < shape.sequenceLength(); i++) {
                first[sequence * shape.sequenceLength() + i] = start;
                end[sequence * shape.sequenceLength() + i] = before + i + 1;
            }
        }
        return new KeyRanges(first, end);
    }

    /** Packed documents, seen causally, in both directions, or through a sliding window. */
    private static KeyRanges ranges(TwinCase c, AttentionShape shape) {
        int length = shape.sequenceLength();
        int window = c.size(length);
        int kind = c.below(3);
        int[] first = new int[shape.tokens()];
        int[] end = new int[shape.tokens()];
        for (int sequence = 0; sequence < shape.batch(); sequence++) {
            for (int start = 0; start < length; ) {
                int stop = Math.min(length, start + c.size(length));
                for (int i = start; i < stop; i++) {
                    int token = sequence * length + i;
                    first[token] = kind == 2 ? Math.max(start, i + 1 - window) : start;
                    end[token] = kind == 1 ? stop : i + 1;
                }
                start = stop;
            }
        }
        return new KeyRanges(first, end);
    }

    @Test
    void swiGluAndItsGradient() {
        forEachSeed(c -> {
            int rows = c.size(9);
            int hidden = c.size(40);
            TwinMatrix gateUp = c.dense(rows, 2 * hidden);
            TwinMatrix dGateUp = c.dense(rows, 2 * hidden);
            TwinMatrix y = c.dense(rows, hidden);
            TwinMatrix dy = c.dense(rows, hidden);
            double width = c.between(0.1, 30); // from the curved middle to where exp overflows float32
            c.compare(b -> {
                b.scale(gateUp.on(b).buffer(), width);
                b.swiGlu(y.on(b), gateUp.on(b));
                b.swiGluBackward(dGateUp.on(b), dy.on(b), gateUp.on(b));
            });
        });
    }

    @Test
    void embeddingAndItsGradient() {
        forEachSeed(c -> {
            int vocabulary = c.size(9);
            int dim = c.size(40);
            int[] ids = c.integers(c.size(20), 0, vocabulary);
            TwinMatrix table = c.dense(vocabulary, dim);
            TwinMatrix dTable = c.dense(vocabulary, dim);
            TwinMatrix y = c.dense(ids.length, dim);
            TwinMatrix dy = c.dense(ids.length, dim);
            Into into = c.into();
            c.compare(b -> {
                b.embedding(y.on(b), into, table.on(b), ids);
                b.embeddingBackward(dTable.on(b), dy.on(b), ids);
            });
        });
    }

    @Test
    void crossEntropyWithIgnoredTargets() {
        forEachSeed(c -> {
            int rows = c.size(20);
            int classes = c.size(40);
            TwinMatrix logits = c.dense(rows, classes);
            int[] targets = c.integers(rows, -1, classes);
            double width = c.between(0.1, 60); // exp of the largest logits overflows float32 unless they are shifted
            double scale = c.between(0.01, 1);
            c.compareValue(b -> {
                b.scale(logits.on(b).buffer(), width);
                return b.crossEntropy(logits.on(b), targets, scale);
            });
        });
    }

    @Test
    void dropoutDropsTheSameElements() {
        forEachSeed(c -> {
            Twin x = c.numbers(c.size(100));
            double rate = c.oneOf(List.of(0.0, 0.1, 0.5, 0.9));
            long key = c.key();
            c.compare(b -> b.dropout(x.on(b), rate, key));
        });
    }

    @Test
    void segmentMeanAndItsGradient() {
        forEachSeed(c -> {
            int rows = c.size(20);
            int dim = c.size(40);
            int[] first = c.integers(c.size(5), 0, rows);
            int[] end = first.clone();
            for (int s = 0; s < first.length; s++) {
                end[s] += 1 + c.below(rows - first[s]);
            }
            TwinMatrix x = c.dense(rows, dim);
            TwinMatrix dx = c.dense(rows, dim);
            TwinMatrix y = c.dense(first.length, dim);
            TwinMatrix dy = c.dense(first.length, dim);
            c.compare(b -> {
                b.segmentMean(y.on(b), x.on(b), first, end);
                b.segmentMeanBackward(dx.on(b), dy.on(b), first, end);
            });
        });
    }

    @Test
    void segmentWeightedAndItsGradient() {
        forEachSeed(c -> {
            int rows = c.size(20);
            int dim = c.size(40);
            int[] first = c.integers(c.size(5), 0, rows);
            int[] end = first.clone();
            for (int s = 0; s < first.length; s++) {
                end[s] += 1 + c.below(rows - first[s]);
            }
            TwinMatrix x = c.dense(rows, dim);
            TwinMatrix dx = c.dense(rows, dim);
            // Rows of the table beyond the longest segment belong to nobody here.
            TwinMatrix w = c.dense(rows + c.below(3), dim);
            TwinMatrix dw = c.dense(w.rows(), dim);
            TwinMatrix y = c.dense(first.length, dim);
            TwinMatrix dy = c.dense(first.length, dim);
            c.compare(b -> {
                b.segmentWeighted(y.on(b), x.on(b), w.on(b), first, end);
                b.segmentWeightedBackward(dx.on(b), dw.on(b), dy.on(b), x.on(b), w.on(b), first, end);
            });
        });
    }

    @Test
    void plainVectorOperations() {
        forEachSeed(c -> {
            int length = c.size(70);
            Twin filled = c.numbers(length);
            Twin copied = c.numbers(length);
            Twin scaled = c.numbers(length);
            Twin sum = c.numbers(length);
            Twin x = c.numbers(length);
            double factor = c.between(-2, 2);
            double value = c.oneOf(List.of(0.0, factor));
            c.compareValue(b -> {
                b.fill(filled.on(b), value);
                b.copy(copied.on(b), x.on(b));
                b.scale(scaled.on(b), factor);
                b.addScaled(sum.on(b), factor, x.on(b));
                return b.sumOfSquares(x.on(b));
            });
        });
    }

    @Test
    void optimizerSteps() {
        forEachSeed(c -> {
            int length = c.size(70);
            AdamStep step = new AdamStep(
                    c.between(0, 0.1),
                    c.between(0, 0.99),
                    c.between(0, 0.999),
                    1e-8,
                    c.between(0, 1),
                    c.size(50),
                    c.oneOf(List.of(AdamStep.Momentum.values())));
            Twin start = c.numbers(length);
            Twin stage = c.numbers(length);
            Twin theta = c.numbers(length);
            Twin moved = c.numbers(length);
            Twin m = c.numbers(length);
            Twin v = c.positive(length);
            Twin den = c.numbers(length);
            List<Twin> g = List.of(c.numbers(length), c.numbers(length), c.numbers(length), c.numbers(length));
            int terms = c.below(4);
            double fraction = c.oneOf(List.of(0.5, 1.0));
            c.compare(b -> {
                Blend blend = blend(b, g, terms);
                b.adamDenominator(den.on(b), v.on(b), g.get(0).on(b), step);
                b.placeStage(stage.on(b), start.on(b), m.on(b), blend, den.on(b), fraction, step);
                b.move(moved.on(b), start.on(b), fraction, blend);
                b.adam(theta.on(b), start.on(b), m.on(b), v.on(b), blend, step);
                b.adam(
                        start.on(b),
                        start.on(b),
                        m.on(b),
                        v.on(b),
                        Blend.of(g.get(0).on(b)),
                        step);
            });
        });
    }

    private static Blend blend(Backend b, List<Twin> vectors, int terms) {
        List<Blend.Term> others = vectors.subList(1, 1 + terms).stream()
                .map(vector -> new Blend.Term(vector.on(b), 0.75))
                .toList();
        return new Blend(vectors.get(0).on(b), others);
    }

    /**
     * Weights of 1/3 and such do not sum to 1 in any number type; the mean of equal vectors is the vector all the same.
     */
    @Test
    void theMeanOfEqualVectorsIsTheVector() {
        Backend b = backend();
        float[] numbers = new float[5000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = (float) Math.sin(i + 1) / 3;
        }
        try (Buffer x = b.allocate(numbers.length);
                Buffer zero = b.allocate(numbers.length);
                Buffer y = b.allocate(numbers.length)) {
            b.write(x, numbers);
            Blend.Term third = new Blend.Term(x, 1.0 / 3);
            b.move(y, zero, 1, new Blend(x, List.of(third, third, new Blend.Term(x, 1.0 / 6))));
            float[] mean = new float[numbers.length];
            b.read(y, mean);
            assertThat(mean).isEqualTo(numbers);
        }
    }

    @Test
    void stageDifferences() {
        forEachSeed(c -> {
            int length = c.size(70);
            List<Twin> g = List.of(c.numbers(length), c.numbers(length), c.numbers(length));
            Twin den = c.positive(length);
            List<ToDoubleFunction<StageDifferences>> sums = List.of(
                    StageDifferences::squared2,
                    StageDifferences::squared3,
                    StageDifferences::weighted,
                    StageDifferences::product);
            for (ToDoubleFunction<StageDifferences> sum : sums) {
                c.compareValue(b -> sum.applyAsDouble(b.stageDifferences(
                        g.get(0).on(b), g.get(1).on(b), g.get(2).on(b), den.on(b))));
                c.compareValue(b -> sum.applyAsDouble(b.stageDifferences(
                        g.get(0).on(b), g.get(1).on(b), g.get(2).on(b), null)));
            }
            c.compareValue(b -> b.squaredDistance(g.get(0).on(b), g.get(1).on(b)));
        });
    }
}

package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.compute.KeyRanges;
import org.dnallama.compute.ReferenceBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.Batches;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.dnallama.optim.BatchPortion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However rows are cut into micro-batches, in float64 loss and gradient are those of one large batch. */
final class LocalGradientFieldTest {

    private static final LlamaConfig SHAPE = new LlamaConfig(11, 12, 2, 3, 1, 10, 20, 10000, 1e-5, true);

    /** Documents of 2 to 9 tokens: short and long ones, so that a mean of means is another mean. */
    private static final List<int[]> DOCUMENTS = new ArrayList<>();

    static {
        RandomGenerator random = new Seeds(1).stream("documents");
        for (int length : new int[] {9, 2, 3, 8, 2, 7, 5}) {
            DOCUMENTS.add(random.ints(length, 1, SHAPE.vocabularySize()).toArray());
        }
    }

    private final ReferenceBackend backend = new ReferenceBackend();
    private final Parameters theta = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.4, new Seeds(2));

    private record Mean(double loss, Parameters gradient) {}

    private Mean evaluate(int laneCount, Batch... batches) {
        Parameters gradient = theta.zerosLike();
        try (Lanes<LanguageModel> lanes = new Lanes<>(laneCount, () -> new LanguageModel(backend, SHAPE));
                LocalGradientField field = new LocalGradientField(
                        lanes, theta, new Branches(batches.length, 1), DropoutRates.NONE, new Seeds(3))) {
            field.begin(new MicroBatches(1, 0, List.of(batches)));
            return new Mean(field.evaluate(theta, BatchPortion.WHOLE, gradient), gradient);
        }
    }

    private static Batch rows(int from, int to) {
        return Batches.languageModel(DOCUMENTS.subList(from, to), 0);
    }

    /** The same sums in another order: roundings of 1e-16, some hundred of them. */
    private static void assertSame(Mean actual, Mean expected) {
        assertThat(actual.loss).isCloseTo(expected.loss, within(1e-13));
        for (TensorSpec spec : expected.gradient.specs()) {
            assertThat(ReferenceBackend.values(actual.gradient.buffer(spec.name())))
                    .as(spec.name())
                    .containsExactly(ReferenceBackend.values(expected.gradient.buffer(spec.name())), within(1e-12));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void unequalMicroBatchesAreOneLargeBatch(int lanes) {
        Mean large = evaluate(1, rows(0, 7));
        assertSame(evaluate(lanes, rows(0, 1), rows(1, 3), rows(3, 7)), large);
        double meanOfMeans = (evaluate(1, rows(0, 1)).loss + evaluate(1, rows(1, 7)).loss) / 2;
        assertThat(Math.abs(meanOfMeans - large.loss)).isGreaterThan(1e-3);
    }

    @Test
    void ignoredLabelsWeighNothing() {
        Batch first = ignoring(rows(0, 3), 4);
        Batch second = rows(3, 7);
        Batch large = ignoring(rows(0, 7), 4);
        assertThat(first.targetCount()).isEqualTo(rows(0, 3).targetCount() - 4);
        assertSame(evaluate(1, first, second), evaluate(1, large));
        Batch nothing = ignoring(rows(1, 3), Integer.MAX_VALUE);
        assertThat(nothing.targetCount()).isZero();
        assertSame(evaluate(2, first, nothing, second), evaluate(1, large));
    }

    /** The first labels count for nothing. */
    private static Batch ignoring(Batch batch, int labels) {
        int[] targets = batch.targets().clone();
        Arrays.fill(targets, 0, Math.min(labels, targets.length), -1);
        return new Batch(
                batch.rows(),
                batch.sequenceLength(),
                batch.tokens(),
                batch.positions(),
                batch.ranges(),
                targets,
                batch.lengths());
    }

    @Test
    void packedRowsAreTheirDocuments() {
        assertSame(evaluate(2, packed(0, 2), packed(2, 6), rows(6, 7)), evaluate(1, rows(0, 7)));
    }

    /** One row of several documents, each of which sees itself alone. */
    private static Batch packed(int from, int to) {
        List<int[]> documents = DOCUMENTS.subList(from, to);
        int length = documents.stream().mapToInt(document -> document.length).sum();
        int[] tokens = new int[length];
        int[] positions = new int[length];
        int[] first = new int[length];
        int[] end = new int[length];
        int[] targets = new int[length];
        int start = 0;
        for (int[] document : documents) {
            for (int i = 0; i < document.length; i++) {
                tokens[start + i] = document[i];
                positions[start + i] = i;
                first[start + i] = start;
                end[start + i] = start + i + 1;
                targets[start + i] = i + 1 < document.length ? document[i + 1] : -1;
            }
            start += document.length;
        }
        return new Batch(1, length, tokens, positions, new KeyRanges(first, end), targets, new int[] {length});
    }

    @Test
    void heldOutLossIsTheMeanOverTargetsToo() {
        try (Lanes<LanguageModel> lanes = new Lanes<>(2, () -> new LanguageModel(backend, SHAPE))) {
            double parts = HeldOut.meanLoss(lanes, theta, List.of(rows(0, 1), rows(1, 3), packed(3, 6), rows(6, 7)));
            assertThat(parts).isCloseTo(evaluate(1, rows(0, 7)).loss, within(1e-13));
        }
    }
}

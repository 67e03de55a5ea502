package org.dnallama.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.model.Batch;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.Parameters;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;
import org.junit.jupiter.api.Test;

/** KT4's properties on a language model in float32, with the kernels that train it. */
final class Kt4ModelTest {

    private static final int STEPS = 8;
    private static final double LEARNING_RATE = 3e-3;
    private static final OptimizerSettings SETTINGS = Toy.with(0.1, 2);

    private static List<float[]> numbers(Parameters parameters) {
        return parameters.buckets().stream()
                .map(bucket -> TinyModel.numbers(bucket.buffer()))
                .toList();
    }

    private static void assertSameBits(Parameters actual, Parameters expected) {
        for (int b = 0; b < numbers(expected).size(); b++) {
            assertThat(numbers(actual).get(b))
                    .as("bucket %d", b)
                    .isEqualTo(numbers(expected).get(b));
        }
    }

    /** Trains on two batches, one a lane or both on one rank of two. */
    private Parameters train(Kind kind, int laneCount, AllReduce ranks, List<Batch> batches) {
        Parameters theta = TinyModel.weights();
        try (Lanes<LanguageModel> lanes = TinyModel.lanes(laneCount);
                LocalGradientField local = TinyModel.field(lanes, theta, batches);
                Optimizer optimizer = Optimizers.create(SETTINGS.withKind(kind), theta)) {
            GradientField field = new ClippedField(new AveragedField(local, ranks), 1);
            for (int step = 1; step <= STEPS; step++) {
                local.begin(new MicroBatches(step, 0, batches));
                optimizer.step(theta, field, LEARNING_RATE);
            }
        }
        return theta;
    }

    /** A field that gives the gradient of every n-th call again until the next. */
    private static GradientField frozen(GradientField field, Parameters like, int n) {
        Parameters kept = like.zerosLike();
        int[] calls = {0};
        return (theta, portion, gradient) -> {
            double loss = calls[0]++ % n == 0 ? field.evaluate(theta, BatchPortion.WHOLE, kept) : 1;
            gradient.copyFrom(kept);
            return loss;
        };
    }

    @Test
    void onFrozenStagesItIsAdamWBitForBit() {
        assertSameBits(frozen(Kind.KT4, 4), frozen(Kind.ADAMW, 1));
    }

    @Test
    void onAConstantGradientItIsAdamWBitForBit() {
        assertSameBits(frozen(Kind.KT4, Integer.MAX_VALUE), frozen(Kind.ADAMW, Integer.MAX_VALUE));
        assertSameBits(frozen(Kind.KT4_SPLIT, Integer.MAX_VALUE), frozen(Kind.ADAMW, Integer.MAX_VALUE));
    }

    private Parameters frozen(Kind kind, int every) {
        Parameters theta = TinyModel.weights();
        try (Lanes<LanguageModel> lanes = TinyModel.lanes(1);
                LocalGradientField local = TinyModel.field(lanes, theta, List.of(TinyModel.batch(4, 40, 0)));
                Optimizer optimizer = Optimizers.create(SETTINGS.withKind(kind), theta)) {
            GradientField clipped = new ClippedField(frozen(local, theta, every), 1);
            GradientField field = Toy.withMicroBatches(4, clipped);
            for (int step = 1; step <= STEPS; step++) {
                optimizer.step(theta, field, LEARNING_RATE / step);
            }
        }
        return theta;
    }

    @Test
    void twoRanksAreOneWorkerOfTwoLanesBitForBit() throws Exception {
        List<Batch> batches = List.of(TinyModel.batch(4, 40, 0), TinyModel.batch(3, 40, 1));
        Parameters joined = train(Kind.KT4, 2, new SingleRank(), batches);
        // The sum of two float32 numbers in float64 is rounded once, as float32 would.
        List<Parameters> ranks = new TwoRanks(TinyModel::doubles, TinyModel::put)
                .run(group -> train(Kind.KT4, 1, group, List.of(batches.get(group.rank()))));
        assertSameBits(ranks.get(0), joined);
        assertSameBits(ranks.get(1), joined);
    }

    @Test
    void aTokenThatOnlyALaterStageSeesMovesItsEmbeddingByAtMostTheLearningRate() {
        // Tokens from 30 on are in no row but those of the second micro-batch.
        List<Batch> batches = List.of(
                TinyModel.batch(2, 30, 0),
                TinyModel.batch(2, 40, 1),
                TinyModel.batch(2, 30, 2),
                TinyModel.batch(2, 30, 3));
        Parameters theta = TinyModel.weights();
        float[] before = TinyModel.numbers(theta.buffer("model.embed_tokens.weight"));
        try (Lanes<LanguageModel> lanes = TinyModel.lanes(1);
                LocalGradientField local = TinyModel.field(lanes, theta, batches);
                Optimizer optimizer = Optimizers.create(Toy.PLAIN.withKind(Kind.KT4_SPLIT), theta)) {
            optimizer.step(theta, new ClippedField(local, 0), LEARNING_RATE);
        }
        float[] after = TinyModel.numbers(theta.buffer("model.embed_tokens.weight"));
        double most = 0;
        for (int i = 30 * TinyModel.SHAPE.dim(); i < after.length; i++) {
            most = Math.max(most, Math.abs(after[i] - before[i]));
        }
        // AdamW's first step moves by the learning rate; a rounding of float32 numbers below 1 comes on top.
        assertThat(most).isBetween(0.9 * LEARNING_RATE, LEARNING_RATE + 1e-7);
    }

    @Test
    void aFailedStageRestoresEveryBit() {
        Parameters theta = TinyModel.weights();
        Parameters before = TinyModel.weights();
        try (Lanes<LanguageModel> lanes = TinyModel.lanes(1);
                LocalGradientField local = TinyModel.field(lanes, theta, List.of(TinyModel.batch(4, 40, 0)));
                Optimizer optimizer = Optimizers.create(Toy.with(0.1, 0), theta)) {
            int[] calls = {0};
            GradientField failing =
                    (at, portion, gradient) -> ++calls[0] == 4 ? Double.NaN : local.evaluate(at, portion, gradient);
            assertThatThrownBy(() -> optimizer.step(theta, new ClippedField(failing, 1), LEARNING_RATE))
                    .isInstanceOf(NotFiniteException.class)
                    .hasMessageContaining("stage 4 of 4");
            assertSameBits(theta, before);
            optimizer.step(theta, new ClippedField(local, 1), LEARNING_RATE);
            assertThat(optimizer.steps()).isEqualTo(1);
            assertThat(optimizer.gradientEvaluations()).isEqualTo(8);
        }
    }
}

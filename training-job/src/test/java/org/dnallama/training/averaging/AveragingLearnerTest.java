package org.dnallama.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Batch;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.BatchPortion;
import org.dnallama.optim.ClippedField;
import org.dnallama.train.BatchSource;
import org.dnallama.train.Branches;
import org.dnallama.train.Examples;
import org.dnallama.train.Lanes;
import org.dnallama.train.Learner;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.MicroBatches;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

/** Rounds on an embedded Spark, whose tasks are threads of this process. */
final class AveragingLearnerTest {

    private static final double RATE = 0.5;

    private static JavaSparkContext spark;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(new SparkConf()
                .setMaster("local[2]")
                .setAppName("averaging")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.driver.host", "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static AveragingLearner learner(
            Recipe recipe, int workers, int frequency, IUpdater updater, Examples examples) {
        AveragingSettings settings = new AveragingSettings(
                workers, frequency, updater instanceof Sgd ? Moments.RESTARTED : Moments.AVERAGED);
        AveragingLearner learner = new AveragingLearner(settings, recipe, updater, examples, spark);
        Tiny.initialize(learner.theta(), recipe);
        return learner;
    }

    /**
     * With plain SGD the mean of two workers' parameters is one step on the mean of their gradients. Steps are below 1;
     * four roundings of float32 numbers below 2 make 4 x 2^-24 = 2.4e-7 a round, of three rounds.
     */
    @Test
    void averagedSgdIsOneStepOnTheMeanGradient() {
        Recipe recipe = Tiny.recipe(Head.LANGUAGE_MODEL, "batchSize=6", "microBatch=2", "clipNorm=0", "weightDecay=0");
        Examples examples = Tiny.examples(Head.LANGUAGE_MODEL, 24);
        BatchSource parts = new BatchSource(examples, 6, 3, new Seeds(recipe.seed()));
        try (AveragingLearner learner = learner(recipe, 2, 1, new Sgd(RATE), examples)) {
            Parameters expected = learner.theta().zerosLike();
            Parameters mean = learner.theta().zerosLike();
            expected.copyFrom(learner.theta());
            for (int step = 1; step <= 3; step++) {
                double loss = meanGradient(recipe, expected, parts.step(step).batches(), mean);
                double largest = moved(expected, mean);
                Learner.Turn turn = learner.learn(step - 1, 3);
                assertThat(turn.steps()).isEqualTo(1);
                assertThat(turn.values().get("lossNats")).isCloseTo(loss, within(1e-6));
                assertThat(distance(learner.theta(), expected)).isLessThan(1e-6);
                assertThat(largest).as("largest move").isGreaterThan(0.01);
            }
        }
    }

    /** theta -= rate * gradient; the largest move. */
    private static double moved(Parameters theta, Parameters gradient) {
        double most = 0;
        for (int b = 0; b < theta.buckets().size(); b++) {
            var move = gradient.buckets().get(b).buffer();
            theta.backend().addScaled(theta.buckets().get(b).buffer(), -RATE, move);
            for (float number : numbers(gradient, b)) {
                most = Math.max(most, RATE * Math.abs(number));
            }
        }
        return most;
    }

    /** The mean over the parts of each part's own mean loss and gradient. */
    private static double meanGradient(Recipe recipe, Parameters theta, List<Batch> parts, Parameters mean) {
        Nd4jBackend backend = Nd4jBackend.open();
        double loss = 0;
        try (Lanes<Objective> lanes = new Lanes<>(1, () -> recipe.objective(backend));
                LocalGradientField local =
                        new LocalGradientField(lanes, theta, new Branches(1, 1), DropoutRates.NONE, new Seeds(0));
                Parameters own = theta.zerosLike()) {
            mean.buckets().forEach(bucket -> backend.fill(bucket.buffer(), 0));
            ClippedField field = new ClippedField(new AveragedField(local, new SingleRank()), 0);
            for (Batch part : parts) {
                local.begin(new MicroBatches(1, 0, List.of(part)));
                loss += field.evaluate(theta, BatchPortion.WHOLE, own) / parts.size();
                for (int b = 0; b < mean.buckets().size(); b++) {
                    backend.addScaled(
                            mean.buckets().get(b).buffer(),
                            1.0 / parts.size(),
                            own.buckets().get(b).buffer());
                }
            }
        }
        return loss;
    }

    /** Three workers on two cores end in any order; a run that goes on from its middle must not differ in a bit. */
    @Test
    void goesOnBitForBit() {
        Recipe recipe = Tiny.recipe(Head.CLASSIFIER, "batchSize=6", "dropout=0.1", "learningRate=0.02");
        Examples examples = Tiny.examples(Head.CLASSIFIER, 20);
        IUpdater updater = new AdamWUpdater(recipe.training(), 9, Moments.AVERAGED);
        try (AveragingLearner whole = learner(recipe, 3, 2, updater, examples);
                AveragingLearner first = learner(recipe, 3, 2, updater, examples);
                AveragingLearner second = learner(recipe, 3, 2, updater, examples)) {
            assertThat(List.of(
                            whole.learn(0, 9).steps(),
                            whole.learn(2, 7).steps(),
                            whole.learn(4, 5).steps(),
                            whole.learn(6, 3).steps(),
                            whole.learn(8, 1).steps()))
                    .containsExactly(2L, 2L, 2L, 2L, 1L);
            first.learn(0, 9);
            first.learn(2, 7);
            second.theta().copyFrom(first.theta());
            first.state()
                    .forEach((name, moment) -> java.util.Objects.requireNonNull(
                                    second.state().get(name))
                            .copyFrom(moment));
            second.resume(4, 4);
            second.learn(4, 5);
            second.learn(6, 3);
            second.learn(8, 1);
            assertThat(second.gradientEvaluations()).isEqualTo(9).isEqualTo(whole.gradientEvaluations());
            assertThat(distance(second.theta(), whole.theta())).isZero();
            assertThat(distance(second.theta(), first.theta())).isGreaterThan(0.001);
        }
    }

    @Test
    void aLossThatIsNotFiniteEndsTrainingAtOnce() {
        Recipe recipe = Tiny.recipe(Head.LANGUAGE_MODEL, "batchSize=4");
        IUpdater updater = new AdamWUpdater(recipe.training(), 9, Moments.AVERAGED);
        try (AveragingLearner learner = learner(recipe, 2, 1, updater, Tiny.examples(Head.LANGUAGE_MODEL, 8))) {
            Nd4jBackend.open().fill(learner.theta().buckets().get(0).buffer(), Double.POSITIVE_INFINITY);
            assertThatThrownBy(() -> learner.learn(0, 9))
                    .isInstanceOf(TrainingException.class)
                    .hasMessage("the loss is NaN, or a gradient was not finite");
        }
    }

    private static double distance(Parameters a, Parameters b) {
        double most = 0;
        for (int i = 0; i < a.buckets().size(); i++) {
            float[] x = numbers(a, i);
            float[] y = numbers(b, i);
            for (int j = 0; j < x.length; j++) {
                most = Math.max(most, Math.abs((double) x[j] - y[j]));
            }
        }
        return most;
    }

    private static float[] numbers(Parameters theta, int bucket) {
        float[] numbers = new float[(int) theta.buckets().get(bucket).buffer().length()];
        theta.backend().read(theta.buckets().get(bucket).buffer(), numbers);
        return numbers;
    }
}

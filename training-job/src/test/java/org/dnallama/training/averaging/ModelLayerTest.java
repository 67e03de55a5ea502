package org.dnallama.training.averaging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Batch;
import org.dnallama.model.DropoutRates;
import org.dnallama.model.Head;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;
import org.dnallama.optim.AdamW;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.ClippedField;
import org.dnallama.train.BatchSource;
import org.dnallama.train.Branches;
import org.dnallama.train.Lanes;
import org.dnallama.train.LocalGradientField;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** The whole model as one DL4J layer, in one process. */
final class ModelLayerTest {

    private final Nd4jBackend backend = Nd4jBackend.open();

    private Parameters initialized(MultiLayerNetwork network, Recipe recipe) {
        Parameters theta = Parameters.over(backend, recipe.groups(), backend.over(network.params()));
        Tiny.initialize(theta, recipe);
        return theta;
    }

    private static DataSet data(Batch batch, Recipe recipe, long step) {
        return Rows.of(batch, recipe.head(), step, 0).toDataSet();
    }

    private static double loss(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        return network.score();
    }

    /**
     * The directional derivative along the gradient itself, and along single parameters of each tensor, against central
     * differences of the loss. Losses near 2 carry float32 errors of about 2e-7, so that a difference over 2h = 2e-2 is
     * known to 1e-5 and to the h^2 of the third derivative, about 1e-4.
     */
    @ParameterizedTest
    @EnumSource(Head.class)
    void gradientMeetsCentralDifferences(Head head) {
        Recipe recipe = Tiny.recipe(head, "microBatch=2", "clipNorm=0", "lanes=2");
        MultiLayerNetwork network = ModelLayer.network(recipe, new Sgd(0.1), 0);
        Parameters theta = initialized(network, recipe);
        DataSet data = data(Tiny.examples(head, 5).batch(0, new int[] {0, 1, 2, 3, 4}), recipe, 1);
        loss(network, data);
        INDArray gradient = network.gradient().gradient().dup();
        assertThat(gradient.length()).isEqualTo(theta.count());

        float h = 1e-2f;
        INDArray numbers = network.params();
        for (long i = 0; i < numbers.length(); i += 23) {
            float here = numbers.getFloat(i);
            numbers.putScalar(i, here + h);
            double above = loss(network, data);
            numbers.putScalar(i, here - h);
            double below = loss(network, data);
            numbers.putScalar(i, here);
            assertThat((above - below) / (2 * h))
                    .as("parameter %d", i)
                    .isCloseTo(gradient.getDouble(i), within(5e-4 + 5e-3 * Math.abs(gradient.getDouble(i))));
        }
    }

    /**
     * 20 steps of DL4J's loop with our updater against 20 of the project's AdamW: the same kernels, summed otherwise.
     */
    @Test
    void adamWIsTheProjectsOwn() {
        int steps = 20;
        Recipe recipe = Tiny.recipe(
                Head.LANGUAGE_MODEL,
                "batchSize=4",
                "microBatch=2",
                "learningRate=0.01",
                "weightDecay=0.1",
                "clipNorm=1",
                "warmupFraction=0.2");
        TrainingSettings training = recipe.training();
        var examples = Tiny.examples(Head.LANGUAGE_MODEL, 12);
        Seeds seeds = new Seeds(recipe.seed());
        BatchSource whole = new BatchSource(examples, 4, 4, seeds);

        MultiLayerNetwork network = ModelLayer.network(
                recipe,
                new AdamWUpdater(training, steps, Moments.AVERAGED),
                training.optimizer().weightDecay());
        Parameters theta = initialized(network, recipe);
        Parameters start = theta.zerosLike();
        start.copyFrom(theta);
        for (int step = 1; step <= steps; step++) {
            network.fit(data(whole.step(step).batches().get(0), recipe, step));
        }

        Parameters expected = start.zerosLike();
        expected.copyFrom(start);
        try (Lanes<Objective> lanes = new Lanes<>(training.lanes(), () -> recipe.objective(backend));
                LocalGradientField local =
                        new LocalGradientField(lanes, expected, new Branches(1, 1), DropoutRates.NONE, seeds);
                AdamW adamW = new AdamW(training.optimizer(), expected)) {
            ClippedField field = new ClippedField(new AveragedField(local, new SingleRank()), training.clipNorm());
            for (int step = 1; step <= steps; step++) {
                local.begin(whole.step(step));
                adamW.step(expected, field, training.schedule(steps).at(step));
            }
            // A step rounds each parameter, below 2 in size, once or twice more: 20 x 2 x 2^-24 = 2.4e-6 at most.
            assertThat(distance(theta, expected)).isLessThan(2.4e-6);
            assertThat(distance(start, expected)).as("they moved").isGreaterThan(0.05);
            INDArray state = network.getUpdater().getStateViewArray();
            Parameters m = Parameters.over(
                    backend, recipe.groups(), backend.over(state).slice(0, theta.count()));
            assertThat(distance(m, Objects.requireNonNull(adamW.state().get("m"))))
                    .isLessThan(1e-5);
        }
    }

    /** Whether weight decay is decoupled, and spares the gains of norms: without a gradient nothing else moves. */
    @Test
    void weightDecayIsDecoupledAndSparesGains() {
        Recipe recipe = Tiny.recipe(Head.LANGUAGE_MODEL, "batchSize=2", "clipNorm=1e-30");
        MultiLayerNetwork network = ModelLayer.network(recipe, new Sgd(0.1), 0.5);
        Parameters theta = initialized(network, recipe);
        List<float[]> before = numbers(theta);
        network.fit(data(Tiny.examples(Head.LANGUAGE_MODEL, 2).batch(0, new int[] {0, 1}), recipe, 1));
        List<float[]> after = numbers(theta);
        for (int b = 0; b < before.size(); b++) {
            float kept = theta.buckets().get(b).decay() == TensorSpec.Decay.DECAYED ? 1 - 0.1f * 0.5f : 1;
            for (int i = 0; i < before.get(b).length; i++) {
                assertThat(after.get(b)[i]).isCloseTo(before.get(b)[i] * kept, within(1e-6f));
            }
        }
    }

    /** The numbers of each bucket. */
    private List<float[]> numbers(Parameters theta) {
        List<float[]> numbers = new ArrayList<>();
        for (Parameters.Bucket bucket : theta.buckets()) {
            float[] values = new float[(int) bucket.buffer().length()];
            backend.read(bucket.buffer(), values);
            numbers.add(values);
        }
        return numbers;
    }

    /** Largest difference of two numbers. */
    private double distance(Parameters a, Parameters b) {
        List<float[]> x = numbers(a);
        List<float[]> y = numbers(b);
        double most = 0;
        for (int i = 0; i < x.size(); i++) {
            for (int j = 0; j < x.get(i).length; j++) {
                most = Math.max(most, Math.abs((double) x.get(i)[j] - y.get(i)[j]));
            }
        }
        return most;
    }
}

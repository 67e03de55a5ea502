package org.dnallama.training.averaging;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Batch;
import org.dnallama.model.Parameters;
import org.dnallama.train.BatchSource;
import org.dnallama.train.Examples;
import org.dnallama.train.Learner;
import org.dnallama.training.averaging.AveragingSettings.Moments;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Rounds of parameter averaging. In a round every worker takes some steps from the same parameters, each on its part of
 * the step's rows; then parameters and moments are averaged. The parameters live on the driver, between rounds.
 */
public final class AveragingLearner implements Learner {

    /** Most parameters: DL4J counts the numbers of its arrays, of which the moments' is the longest, as int. */
    private static final long MOST = Integer.MAX_VALUE / 2;

    private final AveragingSettings settings;
    private final Recipe recipe;
    private final JavaSparkContext spark;
    private final BatchSource parts;
    private final IUpdater updater;
    private final SparkDl4jMultiLayer averaging;
    private final Parameters theta;
    private final Map<String, Parameters> state;
    private long gradientEvaluations;

    /**
     * Parameters at zero, on the driver.
     *
     * @param settings how workers average
     * @param recipe what they compute
     * @param steps of the whole run
     * @param examples training rows
     * @param spark where they work
     * @throws ConfigException if the model has too many parameters
     */
    public AveragingLearner(
            AveragingSettings settings, Recipe recipe, long steps, Examples examples, JavaSparkContext spark) {
        this(settings, recipe, new AdamWUpdater(recipe.training(), steps, settings.moments()), examples, spark);
    }

    AveragingLearner(
            AveragingSettings settings, Recipe recipe, IUpdater updater, Examples examples, JavaSparkContext spark) {
        if (recipe.count() > MOST) {
            throw new ConfigException(List.of(
                    "cluster.sync = parameter-averaging: the model has %,d parameters, at most %,d can be averaged; %s"
                            .formatted(recipe.count(), MOST, "set cluster.sync = all-reduce")));
        }
        this.settings = settings;
        this.recipe = recipe;
        this.updater = updater;
        this.spark = spark;
        int batchSize = recipe.training().batchSize();
        int rows = batchSize / settings.workers();
        this.parts = new BatchSource(examples, batchSize, rows, new Seeds(recipe.seed()));
        MultiLayerNetwork network = ModelLayer.network(
                recipe, updater, recipe.training().optimizer().weightDecay());
        this.averaging = new SparkDl4jMultiLayer(spark, network, new OrderedAveraging(settings, rows));
        Nd4jBackend backend = Nd4jBackend.open();
        this.theta = Parameters.over(backend, recipe.groups(), backend.over(network.params()));
        this.state = settings.moments() == Moments.AVERAGED ? moments(backend, network) : Map.of();
    }

    private Map<String, Parameters> moments(Nd4jBackend backend, MultiLayerNetwork network) {
        var both = backend.over(network.getUpdater().getStateViewArray());
        long count = recipe.count();
        Map<String, Parameters> moments = new LinkedHashMap<>();
        moments.put("m", Parameters.over(backend, recipe.groups(), both.slice(0, count)));
        moments.put("v", Parameters.over(backend, recipe.groups(), both.slice(count, count)));
        return moments;
    }

    /**
     * The parameters that it moves: write into them where training is to start.
     *
     * @return views of DL4J's memory
     */
    public Parameters theta() {
        return theta;
    }

    @Override
    public Turn learn(long done, long most) {
        int steps = (int) Math.min(settings.frequency(), most);
        long tokens = 0;
        List<List<DataSet>> work = new ArrayList<>();
        for (int worker = 0; worker < settings.workers(); worker++) {
            work.add(new ArrayList<>());
        }
        for (long step = done + 1; step <= done + steps; step++) {
            List<Batch> batches = parts.step(step).batches();
            for (int worker = 0; worker < batches.size(); worker++) {
                Batch batch = batches.get(worker);
                work.get(worker).add(Rows.of(batch, recipe.head(), step, worker).toDataSet());
                tokens += batch.tokenCount();
            }
        }
        double loss = average(done, steps, work.stream().flatMap(List::stream).toList());
        gradientEvaluations += steps;
        Map<String, Double> values = new LinkedHashMap<>();
        values.put("lossNats", loss);
        values.put("learningRate", updater.getLearningRate(Math.toIntExact(done + steps - 1), 0));
        return new Turn(steps, tokens, values);
    }

    /** Mean over the workers of the last step's loss. */
    private double average(long done, int steps, List<DataSet> work) {
        spark.setJobDescription("parameter averaging: steps %d to %d on %d workers"
                .formatted(done + 1, done + steps, settings.workers()));
        averaging.getNetwork().getLayerWiseConfigurations().setIterationCount(Math.toIntExact(done));
        averaging.fit(spark.parallelize(work, settings.workers()));
        double loss = averaging.getScore();
        if (!Double.isFinite(loss)) {
            throw new TrainingException("the loss is %s, or a gradient was not finite".formatted(loss));
        }
        return loss;
    }

    @Override
    public long gradientEvaluations() {
        return gradientEvaluations;
    }

    @Override
    public Map<String, Parameters> state() {
        return state;
    }

    @Override
    public void resume(long steps, long evaluations) {
        gradientEvaluations = evaluations;
    }

    @Override
    public void close() {
        parts.close();
        Worker.closeAll(recipe);
        averaging.getNetwork().close();
    }
}

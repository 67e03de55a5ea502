package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.Map;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.StagedRanks;
import org.dnallama.collective.TimedRanks;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;
import org.dnallama.optim.AveragedField;
import org.dnallama.optim.ClippedField;
import org.dnallama.optim.Optimizer;
import org.dnallama.optim.Optimizers;
import org.dnallama.optim.Schedule;

/** Steps of an optimizer on this rank, each gradient averaged over all ranks. */
final class LocalLearner implements Learner {

    private final BatchSource batches;
    private final TimedRanks ranks;
    private final Parameters theta;
    private final LocalGradientField local;
    private final ClippedField field;
    private final Optimizer optimizer;
    private final Schedule schedule;

    LocalLearner(
            TrainingJob job, Examples examples, Parameters theta, Lanes<? extends Objective> lanes, AllReduce ranks) {
        TrainingSettings settings = job.settings();
        Seeds seeds = new Seeds(job.seed());
        Stripes stripes = new Stripes(examples.size(), settings);
        this.batches = new BatchSource(examples, stripes, stripes.ofRank(ranks.rank(), ranks.worldSize()), seeds);
        this.theta = theta;
        this.ranks = new TimedRanks(
                ranks.reaches(theta.buckets().get(0).buffer())
                        ? ranks
                        : new StagedRanks(ranks, theta.backend(), new VectorBackend()));
        this.local = new LocalGradientField(
                lanes, theta, Branches.of(settings, ranks.worldSize()), settings.dropout(), seeds);
        this.field = new ClippedField(new AveragedField(local, this.ranks), settings.clipNorm());
        this.optimizer = Optimizers.create(settings.optimizer(), theta);
        this.schedule = settings.schedule(job.steps());
    }

    @Override
    public Turn learn(long done, long most) {
        long step = done + 1;
        long start = System.nanoTime();
        MicroBatches batch = batches.step(step);
        // What was waited for between two steps, such as in an evaluation, is no part of this one.
        ranks.takeWaitedSeconds();
        long ready = System.nanoTime();
        local.begin(batch);
        double learningRate = schedule.at(step);
        double loss = optimizer.step(theta, field, learningRate);
        double stepSeconds = (System.nanoTime() - ready) / 1e9;
        double allReduceSeconds = ranks.takeWaitedSeconds();

        Map<String, Double> values = new LinkedHashMap<>();
        values.put("lossNats", loss);
        values.put("learningRate", learningRate);
        values.put("gradientNorm", field.gradientNorm());
        RankFigures.Exchanged figures = new RankFigures(
                        batch.tokenCount(), stepSeconds - allReduceSeconds, allReduceSeconds, (ready - start) / 1e9)
                .exchange(ranks);
        values.putAll(figures.values());
        values.putAll(optimizer.telemetry());
        return new Turn(1, figures.tokens(), values);
    }

    @Override
    public long gradientEvaluations() {
        return optimizer.gradientEvaluations();
    }

    @Override
    public Map<String, Parameters> state() {
        return optimizer.state();
    }

    @Override
    public void resume(long steps, long gradientEvaluations) {
        optimizer.resume(steps, gradientEvaluations);
    }

    @Override
    public void close() {
        batches.close();
        optimizer.close();
        local.close();
    }
}

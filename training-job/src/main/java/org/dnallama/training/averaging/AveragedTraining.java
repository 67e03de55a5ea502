package org.dnallama.training.averaging;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.function.ToLongFunction;
import org.apache.spark.api.java.JavaSparkContext;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.nd4j.Nd4jBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.spark.FirstFailure;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.TrainingInputs;
import org.dnallama.train.Examples;
import org.dnallama.train.ProgressListener;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;

/**
 * A training job by parameter averaging. The driver holds parameters and rows, measures and writes checkpoints between
 * rounds; executors are sent what a round needs, so that it makes no difference which of them are there.
 *
 * @param inputs what it trains
 * @param hadoop the file systems
 * @param output the checkpoint's folder
 * @param training how each worker trains
 * @param lora must have rank 0
 * @param seed the run's
 */
public record AveragedTraining(
        TrainingInputs inputs,
        org.apache.hadoop.conf.Configuration hadoop,
        String output,
        TrainingSettings training,
        LoraSettings lora,
        long seed) {

    /**
     * Trains to the end, going on from the newest checkpoint if there is one.
     *
     * @param job its name, for the progress bar
     * @param steps of the whole run, given the training rows
     * @param settings how workers average
     * @param spark where they work
     * @return how far it came
     * @throws IOException if an input cannot be read
     * @throws org.dnallama.config.TrainingException if executors were lost beyond retries
     */
    public TrainState run(
            String job, ToLongFunction<Examples> steps, AveragingSettings settings, JavaSparkContext spark)
            throws IOException {
        ModelFolder model = inputs.model();
        requirePlain(model);
        Examples train = inputs.train(model);
        Examples heldOut = inputs.heldOut(model);
        long count = steps.applyAsLong(train);
        Recipe recipe = new Recipe(
                model.config(),
                model.head(),
                model.pooling(),
                training,
                model.tokenizer().padId(),
                seed);
        Storage storage = new HadoopStorage(output, hadoop);
        try (ProgressListener progress = new ProgressListener(job + " by averaging");
                AveragingLearner learner = new AveragingLearner(settings, recipe, count, train, spark)) {
            try (Parameters start = inputs.start(model, Nd4jBackend.open(), lora, new Seeds(seed))) {
                learner.theta().copyFrom(start);
            }
            TrainingJob training = new TrainingJob(this.training, count, seed, progress, InstantSource.system());
            return FirstFailure.explained(
                    spark.sc(),
                    job + " by averaging",
                    settings.workers(),
                    () -> model.head() == Head.CLASSIFIER
                            ? training.finetune(model, learner.theta(), heldOut, learner, storage)
                            : training.pretrain(model, learner.theta(), heldOut, learner, storage));
        }
    }

    /** A round carries tokens and classes, and nothing that a plain model does not ask for. */
    private void requirePlain(ModelFolder model) {
        if (!model.config().extensions().isNone()
                || training.refinements().loss().replacedWeight() > 0) {
            throw new ConfigException(List.of("cluster.sync = parameter-averaging: carries no more than tokens and"
                    + " classes, but the model has " + model.config().extensions()
                    + " or replacedWeight > 0; set cluster.sync = all-reduce"));
        }
    }
}

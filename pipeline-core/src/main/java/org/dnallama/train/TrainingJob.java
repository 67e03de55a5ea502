package org.dnallama.train;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.dnallama.checkpoint.AdapterFolder;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.collective.AllReduce;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.Lora;
import org.dnallama.model.Objective;
import org.dnallama.model.Parameters;

/**
 * One rank's whole work: trains a model and leaves the checkpoint in a folder. Everything comes in as plain data, so a
 * Spark task makes one call.
 *
 * @param settings how to train
 * @param steps how long
 * @param seed the run's
 * @param listener is told how it goes
 */
public record TrainingJob(TrainingSettings settings, long steps, long seed, TrainingListener listener) {

    /**
     * Trains a language model and leaves its last parameters.
     *
     * @param model shape and tokenizer
     * @param theta where to start; updated
     * @param train training rows
     * @param valid held-out rows
     * @param ranks the group of workers
     * @param output the checkpoint's folder, which may hold an unfinished run
     * @return how far it came
     */
    public TrainState pretrain(
            ModelFolder model, Parameters theta, Examples train, Examples valid, AllReduce ranks, Storage output) {
        Backend backend = theta.backend();
        List<org.dnallama.model.Batch> held = valid.inOrder(settings.microBatch());
        try (Lanes<LanguageModel> lanes = new Lanes<>(
                settings.lanes(), () -> new LanguageModel(backend, model.config(), settings.activations()))) {
            Evaluator evaluator = parameters -> {
                double loss = HeldOut.meanLoss(lanes, parameters, held);
                return new Evaluator.Result(Map.of("validLossNats", loss), -loss);
            };
            Trainer.Plan plan = new Trainer.Plan(settings, steps, train, evaluator, new Seeds(seed));
            try (Trainer trainer = trainer(plan, theta, lanes, ranks, output)) {
                trainer.run(listener);
                publish(model, theta, trainer, output);
                return trainer.state();
            }
        }
    }

    /**
     * Trains a classifier and leaves the parameters with the best MCC on dev.
     *
     * @param model shape, pooling and tokenizer
     * @param theta where to start; updated to the parameters that are left
     * @param train training rows
     * @param dev held-out rows
     * @param ranks the group of workers
     * @param output the checkpoint's folder, which may hold an unfinished run
     * @return how far it came
     */
    public TrainState finetune(
            ModelFolder model, Parameters theta, Examples train, Examples dev, AllReduce ranks, Storage output) {
        Backend backend = theta.backend();
        List<org.dnallama.model.Batch> held = dev.inOrder(settings.microBatch());
        try (Lanes<Classifier> lanes = new Lanes<>(
                settings.lanes(),
                () -> new Classifier(backend, model.config(), model.pooling(), settings.activations()))) {
            Evaluator evaluator = parameters -> HeldOut.classification(lanes, parameters, held);
            Trainer.Plan plan = new Trainer.Plan(settings, steps, train, evaluator, new Seeds(seed));
            try (Trainer trainer = trainer(plan, theta, lanes, ranks, output)) {
                trainer.run(listener);
                theta.copyFrom(trainer.best());
                publish(model, theta, trainer, output);
                return trainer.state();
            }
        }
    }

    private static Trainer trainer(
            Trainer.Plan plan, Parameters theta, Lanes<? extends Objective> lanes, AllReduce ranks, Storage output) {
        return new Trainer(plan, theta, lanes, ranks, new TrainerCheckpoints(output));
    }

    private static void publish(ModelFolder model, Parameters theta, Trainer trainer, Storage output) {
        try {
            write(model, theta, output);
            try (OutputStream out = output.create("metrics.jsonl")) {
                out.write(trainer.log().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint cannot be written to " + output.describe(), e);
        }
    }

    /** Adapters are left twice: merged, so that the checkpoint is a whole model, and by themselves beside it. */
    private static void write(ModelFolder model, Parameters theta, Storage output) throws IOException {
        if (theta.base().isEmpty()) {
            model.write(output, theta);
            return;
        }
        try (Parameters merged = Lora.merge(theta)) {
            model.write(output, merged);
        }
        AdapterFolder.write(output, theta, model);
    }

    /**
     * A model with another head than the stored one.
     *
     * @param folder what was stored
     * @param head what is to stand on top
     * @param pooling which states a classifier reads
     * @return shape and tokenizer as stored
     */
    public static ModelFolder withHead(ModelFolder folder, Head head, org.dnallama.model.Pooling pooling) {
        return new ModelFolder(folder.config(), head, pooling, folder.tokenizer());
    }
}

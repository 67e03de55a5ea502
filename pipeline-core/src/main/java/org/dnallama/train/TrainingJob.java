package org.dnallama.train;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.dnallama.checkpoint.AdapterFolder;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.collective.AllReduce;
import org.dnallama.collective.SingleRank;
import org.dnallama.config.TrainingException;
import org.dnallama.model.Batch;
import org.dnallama.model.Classifier;
import org.dnallama.model.Head;
import org.dnallama.model.LanguageModel;
import org.dnallama.model.LlamaLayout;
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
 * @param clock tells the log when a step was taken; nothing else depends on it
 */
public record TrainingJob(
        TrainingSettings settings, long steps, long seed, TrainingListener listener, InstantSource clock) {

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
        try (Lanes<LanguageModel> lanes = languageModels(model, theta);
                Learner learner = learner(theta, train, lanes, ranks)) {
            return pretrain(model, theta, held(lanes, valid), learner, ranks, output);
        }
    }

    /**
     * Trains a language model with a learner of the caller's and leaves its last parameters.
     *
     * @param model shape and tokenizer
     * @param theta where to start; updated
     * @param valid held-out rows
     * @param learner what moves theta; closed by the caller
     * @param output the checkpoint's folder, which may hold an unfinished run
     * @return how far it came
     */
    public TrainState pretrain(ModelFolder model, Parameters theta, Examples valid, Learner learner, Storage output) {
        try (Lanes<LanguageModel> lanes = languageModels(model, theta)) {
            return pretrain(model, theta, held(lanes, valid), learner, new SingleRank(), output);
        }
    }

    private TrainState pretrain(
            ModelFolder model,
            Parameters theta,
            Evaluator evaluator,
            Learner learner,
            AllReduce ranks,
            Storage output) {
        try (Trainer trainer = trainer(theta, evaluator, learner, ranks, output)) {
            trainer.run(listener);
            if (ranks.rank() == 0) {
                publish(model, theta, trainer, output);
            }
            return trainer.state();
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
        try (Lanes<Classifier> lanes = classifiers(model, theta);
                Learner learner = learner(theta, train, lanes, ranks)) {
            return finetune(model, theta, heldClasses(lanes, dev), learner, ranks, output);
        }
    }

    /**
     * Trains a classifier with a learner of the caller's and leaves the parameters with the best MCC on dev.
     *
     * @param model shape, pooling and tokenizer
     * @param theta where to start; updated to the parameters that are left
     * @param dev held-out rows
     * @param learner what moves theta; closed by the caller
     * @param output the checkpoint's folder, which may hold an unfinished run
     * @return how far it came
     */
    public TrainState finetune(ModelFolder model, Parameters theta, Examples dev, Learner learner, Storage output) {
        try (Lanes<Classifier> lanes = classifiers(model, theta)) {
            return finetune(model, theta, heldClasses(lanes, dev), learner, new SingleRank(), output);
        }
    }

    private TrainState finetune(
            ModelFolder model,
            Parameters theta,
            Evaluator evaluator,
            Learner learner,
            AllReduce ranks,
            Storage output) {
        try (Trainer trainer = trainer(theta, evaluator, learner, ranks, output)) {
            trainer.run(listener);
            theta.copyFrom(trainer.best());
            if (ranks.rank() == 0) {
                publish(model, theta, trainer, output);
            }
            return trainer.state();
        }
    }

    /**
     * Trains a language model to answer questions and leaves the parameters with the best MCC on dev.
     *
     * @param model shape and tokenizer of a language model
     * @param theta where to start; updated to the parameters that are left
     * @param train training questions
     * @param dev held-out questions
     * @param ranks the group of workers
     * @param output the checkpoint's folder, which may hold an unfinished run
     * @return how far it came
     */
    public TrainState instruct(
            ModelFolder model,
            Parameters theta,
            Examples train,
            InstructionExamples dev,
            AllReduce ranks,
            Storage output) {
        Evaluator evaluator = parameters -> HeldOut.result(dev.score(parameters, settings.microBatch()));
        try (Lanes<LanguageModel> lanes = languageModels(model, theta);
                Learner learner = learner(theta, train, lanes, ranks)) {
            TrainState state = finetune(model, theta, evaluator, learner, ranks, output);
            if (ranks.rank() == 0) {
                dev.instruction().write(output);
            }
            return state;
        } catch (IOException e) {
            throw unwritten("instruction", output, e);
        }
    }

    private Lanes<LanguageModel> languageModels(ModelFolder model, Parameters theta) {
        return new Lanes<>(
                settings.lanes(), () -> new LanguageModel(theta.backend(), model.config(), settings.activations()));
    }

    private Lanes<Classifier> classifiers(ModelFolder model, Parameters theta) {
        return new Lanes<>(
                settings.lanes(),
                () -> new Classifier(
                        theta.backend(),
                        model.config(),
                        model.pooling(),
                        settings.activations(),
                        settings.refinements().loss()));
    }

    private Evaluator held(Lanes<LanguageModel> lanes, Examples valid) {
        List<Batch> held = valid.inOrder(settings.microBatch());
        return parameters -> {
            double loss = HeldOut.meanLoss(lanes, parameters, held);
            return new Evaluator.Result(Map.of("validLossNats", loss), -loss);
        };
    }

    private Evaluator heldClasses(Lanes<Classifier> lanes, Examples dev) {
        List<Batch> held = dev.inOrder(settings.microBatch());
        return parameters -> HeldOut.classification(lanes, parameters, held);
    }

    private Learner learner(Parameters theta, Examples train, Lanes<? extends Objective> lanes, AllReduce ranks) {
        return new LocalLearner(this, train, theta, lanes, ranks);
    }

    private Trainer trainer(Parameters theta, Evaluator evaluator, Learner learner, AllReduce ranks, Storage output) {
        Trainer.Plan plan = new Trainer.Plan(settings, steps, evaluator, clock);
        return new Trainer(plan, theta, learner, ranks, new TrainerCheckpoints(output, settings));
    }

    /**
     * Whether a folder holds an unfinished run of another optimizer, from which these settings go on.
     *
     * @param folder an unfinished run's
     * @param settings how to train
     * @return false if it holds no checkpoint, or one of the same optimizer
     * @throws org.dnallama.config.InputException if it is another's and the settings do not adopt it
     */
    public static boolean adopts(Storage folder, TrainingSettings settings) {
        return new TrainerCheckpoints(folder, settings).isAdopted();
    }

    private static void publish(ModelFolder model, Parameters theta, Trainer trainer, Storage output) {
        try {
            write(model, theta, output);
            TensorBoardFile.write(trainer.log(), output);
            try (OutputStream out = output.create("metrics.jsonl")) {
                out.write(trainer.log().text().getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw unwritten("model", output, e);
        }
    }

    private static TrainingException unwritten(String what, Storage output, IOException e) {
        return new TrainingException(
                "the trained %s cannot be written to %s: %s; %s"
                        .formatted(
                                what,
                                output.describe(),
                                e.getMessage(),
                                "free space or correct the output, and run the same command again to go on from the last checkpoint"));
    }

    /** Adapters are left twice: merged, so that the checkpoint is a whole model, and by themselves beside it. */
    private static void write(ModelFolder model, Parameters theta, Storage output) throws IOException {
        if (theta.has(LlamaLayout.REPLACED)) {
            try (Parameters finished = withoutAuxiliary(model, theta)) {
                model.write(output, finished);
            }
        } else if (theta.base().isEmpty()) {
            model.write(output, theta);
        } else {
            try (Parameters merged = Lora.merge(theta)) {
                model.write(output, merged);
            }
            AdapterFolder.write(output, theta, model);
        }
    }

    /** What serves training alone stays behind. */
    private static Parameters withoutAuxiliary(ModelFolder model, Parameters theta) {
        Parameters finished =
                new Parameters(theta.backend(), LlamaLayout.groups(model.config(), model.head(), model.pooling()));
        finished.specs().forEach(spec -> theta.backend().copy(finished.buffer(spec.name()), theta.buffer(spec.name())));
        return finished;
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

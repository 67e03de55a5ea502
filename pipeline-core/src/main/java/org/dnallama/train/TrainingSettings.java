package org.dnallama.train;

import java.io.Serializable;
import org.dnallama.config.Settings;
import org.dnallama.model.ActivationMemory;
import org.dnallama.model.DropoutRates;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.optim.Schedule;

/**
 * How to train.
 *
 * @param optimizer which, and its constants
 * @param learningRate peak
 * @param finalFraction learning rate at the end, as a part of the peak
 * @param warmupFraction part of the steps in which the rate rises
 * @param batchSize rows in a step
 * @param microBatch rows in one forward and backward pass
 * @param lanes threads that share the branches
 * @param branches parts of a step that are summed apart and then in pairs; part of what defines the result
 * @param clipNorm most norm of a gradient; 0 for no bound
 * @param dropout how often numbers fall out
 * @param evaluateEvery steps between two evaluations
 * @param checkpoints when the state is saved
 * @param maxSkippedSteps so many steps in a row without a finite gradient end training
 * @param adopt whether a run may go on from the checkpoint of another optimizer
 * @param activations what a forward pass keeps for its backward
 * @param refinements what it adds to plain training
 */
public record TrainingSettings(
        OptimizerSettings optimizer,
        double learningRate,
        double finalFraction,
        double warmupFraction,
        int batchSize,
        int microBatch,
        int lanes,
        int branches,
        double clipNorm,
        DropoutRates dropout,
        int evaluateEvery,
        Checkpoints checkpoints,
        int maxSkippedSteps,
        boolean adopt,
        ActivationMemory activations,
        Refinements refinements)
        implements Serializable {

    /**
     * When the state is saved, and for how long.
     *
     * @param everySteps steps between two checkpoints
     * @param everyMinutes the longest time between two
     * @param kept how many of them stay
     */
    public record Checkpoints(int everySteps, int everyMinutes, int kept) implements Serializable {

        static Checkpoints read(Settings settings, String prefix) {
            return new Checkpoints(
                    settings.integer(prefix + ".checkpointEvery", 1),
                    settings.integer(prefix + ".checkpointMinutes", 1),
                    settings.integer(prefix + ".keepCheckpoints", 1));
        }
    }

    /**
     * Reads {@code prefix.*}; errors are noted in the settings.
     *
     * @param settings the configuration
     * @param prefix such as {@code pretrain.training}
     * @return the settings, to be used only after {@link Settings#check()}
     */
    public static TrainingSettings read(Settings settings, String prefix) {
        int batchSize = settings.integer(prefix + ".batchSize", 1);
        int microBatch = settings.integer(prefix + ".microBatch", 1);
        OptimizerSettings optimizer = OptimizerSettings.read(settings, prefix);
        optimizer.requireDivisible(settings, prefix, batchSize, microBatch);
        return new TrainingSettings(
                optimizer,
                settings.real(prefix + ".learningRate", 0, 1e3),
                settings.real(prefix + ".finalFraction", 0, 1),
                settings.real(prefix + ".warmupFraction", 0, 1),
                batchSize,
                Math.min(batchSize, microBatch),
                settings.integer(prefix + ".lanes", 1),
                settings.integer(prefix + ".branches", 1),
                settings.real(prefix + ".clipNorm", 0, 1e9),
                new DropoutRates(
                        settings.real(prefix + ".dropout", 0, 0.99),
                        settings.real(prefix + ".inputDropout", 0, 0.99),
                        settings.real(prefix + ".pooledDropout", 0, 0.99)),
                settings.integer(prefix + ".evaluateEvery", 1),
                Checkpoints.read(settings, prefix),
                settings.integer(prefix + ".maxSkippedSteps", 1),
                settings.flag(prefix + ".adopt"),
                settings.flag(prefix + ".activationCheckpointing")
                        ? ActivationMemory.CHECKPOINTED
                        : ActivationMemory.KEPT,
                Refinements.read(settings, prefix));
    }

    /**
     * Micro-batches in a step of all ranks.
     *
     * @return at least 1
     */
    public int microBatches() {
        return (batchSize + microBatch - 1) / microBatch;
    }

    /**
     * The learning rate over a run.
     *
     * @param steps of the run
     * @return warmup, then cosine
     */
    public Schedule schedule(long steps) {
        return new Schedule(learningRate, Math.round(warmupFraction * steps), steps, finalFraction);
    }
}

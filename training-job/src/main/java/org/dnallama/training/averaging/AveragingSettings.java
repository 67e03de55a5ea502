package org.dnallama.training.averaging;

import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;
import org.dnallama.model.LoraSettings;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.train.TrainingSettings;

/**
 * How workers average.
 *
 * @param workers how many
 * @param frequency steps that each takes between two averages
 * @param moments what becomes of AdamW's moments then
 */
public record AveragingSettings(int workers, int frequency, Moments moments) {

    /** What becomes of a worker's moments after a round. */
    public enum Moments {
        /** They are averaged with the parameters; three times the bytes. */
        AVERAGED,
        /** Each round begins with new ones, and with their bias correction. */
        RESTARTED
    }

    /**
     * Reads {@code cluster.averaging.*}; errors are noted in the settings, and also what cannot be averaged.
     *
     * @param settings the configuration
     * @param workers how many
     * @param training how the job trains
     * @param job its section, such as {@code pretrain}
     * @return the settings, to be used only after {@link Settings#check()}
     */
    public static AveragingSettings read(Settings settings, int workers, TrainingSettings training, String job) {
        String averaging = "cluster.sync = parameter-averaging";
        settings.require(
                training.optimizer().kind() == Kind.ADAMW,
                "%s.training.optimizer = %s: its stages need the gradient of all workers at once, %s %s"
                        .formatted(
                                job,
                                training.optimizer().kind().label(),
                                "which " + averaging + " does not give;",
                                "set cluster.sync = all-reduce, or " + job + ".training.optimizer = adamw"));
        settings.require(
                LoraSettings.read(settings, job).rank() == 0,
                "%s.lora.rank: %s trains whole models only; set %s.lora.rank = 0, or cluster.sync = all-reduce"
                        .formatted(job, averaging, job));
        settings.require(
                training.batchSize() % workers == 0,
                "%s.training.batchSize = %d: must be a multiple of cluster.ranks = %d, as each worker takes an equal part"
                        .formatted(job, training.batchSize(), workers));
        settings.require(
                settings.choice("compute.backend", Backends.class) != Backends.VECTOR,
                "compute.backend = vector: %s computes in ND4J's memory; set compute.backend = auto or nd4j"
                        .formatted(averaging));
        return new AveragingSettings(
                workers,
                settings.integer("cluster.averaging.frequency", 1),
                settings.choice("cluster.averaging.updaters", Moments.class));
    }
}

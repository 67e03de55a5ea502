package org.dnallama.training;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.dnallama.collective.Collectives;
import org.dnallama.config.Settings;
import org.dnallama.optim.OptimizerSettings.Kind;
import org.dnallama.optim.Tableau;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings;

/**
 * How a training job uses the executors.
 *
 * @param ranks processes that train together
 * @param sync how they agree on the parameters
 * @param collective who sums over them, with all-reduce
 * @param timeout a rank that others wait for longer counts as lost
 * @param restarts how often all ranks may start again after a loss
 */
record Cluster(int ranks, Sync sync, Collectives collective, Duration timeout, int restarts) {

    /** How ranks agree on the parameters. */
    enum Sync {
        /** Every gradient is summed over the ranks, so that all take the same step. */
        ALL_REDUCE,
        /** Each takes steps of its own; the parameters are averaged from time to time. */
        PARAMETER_AVERAGING
    }

    /** Reads {@code cluster.*}; errors are noted in the settings. */
    static Cluster read(Settings settings, TrainingSettings training) {
        Cluster cluster = new Cluster(
                settings.integer("cluster.ranks", 1),
                settings.choice("cluster.sync", Sync.class),
                settings.choice("cluster.collective", Collectives.class),
                Duration.ofSeconds(settings.integer("cluster.timeoutSeconds", 10)),
                settings.integer("cluster.restarts", 0));
        if (cluster.ranks > 1 && cluster.sync == Sync.ALL_REDUCE) {
            requireEvenShares(settings, cluster.ranks, training);
        }
        return cluster;
    }

    private static void requireEvenShares(Settings settings, int ranks, TrainingSettings training) {
        settings.require(
                training.batchSize() % (ranks * training.microBatch()) == 0,
                "cluster.ranks = %d: batchSize = %d is no multiple of %d ranks x microBatch = %d; change one of the three"
                        .formatted(ranks, training.batchSize(), ranks, training.microBatch()));
        int branches = Math.min(training.branches(), training.microBatches());
        settings.require(
                branches % ranks == 0 && training.microBatches() % branches == 0,
                "cluster.ranks = %d: the branches of a step, %d of %d micro-batches, are not to be shared evenly; %s"
                        .formatted(
                                ranks,
                                branches,
                                training.microBatches(),
                                "make training.branches a multiple of the ranks that divides the micro-batches"));
        Tableau tableau = training.optimizer().tableau();
        settings.require(
                training.optimizer().kind() != Kind.KT4_SPLIT
                        || tableau.dealsAlike(training.microBatches(), training.microBatches() / ranks),
                "cluster.ranks = %d: kt4-split deals a rank's %d micro-batches to the stages of %s otherwise than the %d of a step; make those a multiple of %d x ranks"
                        .formatted(
                                ranks,
                                training.microBatches() / ranks,
                                tableau.name(),
                                training.microBatches(),
                                tableau.bUnits()));
    }

    /** Spark's settings that several ranks want otherwise than Spark. */
    Map<String, String> spark() {
        if (ranks == 1 || sync == Sync.PARAMETER_AVERAGING) {
            return Map.of();
        }
        String patience = timeout.toSeconds() + "s";
        return Map.of(
                "spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s",
                "spark.stage.maxConsecutiveAttempts", Integer.toString(restarts + 1),
                // An executor that is stopped counts as lost, and a rank that does not end when it should is killed.
                "spark.network.timeout", patience,
                "spark.network.timeoutInterval", "5s",
                "spark.executor.heartbeatInterval", "2s",
                "spark.task.reaper.enabled", "true",
                "spark.task.reaper.killTimeout", patience);
    }

    /** How ranks average, if they do; errors are noted in the settings. */
    Optional<AveragingSettings> averaging(Settings settings, TrainingSettings training, String job) {
        return sync == Sync.PARAMETER_AVERAGING
                ? Optional.of(AveragingSettings.read(settings, ranks, training, job))
                : Optional.empty();
    }

    /** The sections of the configuration that a result depends on; with all-reduce the cluster is none of them. */
    String[] sections(String... job) {
        return sync == Sync.PARAMETER_AVERAGING
                ? Stream.concat(Stream.of(job), Stream.of("cluster")).toArray(String[]::new)
                : job;
    }

    /** Ranks that must run at the same time. */
    int meetingRanks() {
        return sync == Sync.ALL_REDUCE ? ranks : 1;
    }
}

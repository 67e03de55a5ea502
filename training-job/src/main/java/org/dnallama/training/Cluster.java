package org.dnallama.training;

import java.util.Optional;
import java.util.stream.Stream;
import org.dnallama.config.Settings;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings;

/**
 * How a training job uses the executors.
 *
 * @param ranks processes that train together
 * @param sync how they agree on the parameters
 */
record Cluster(int ranks, Sync sync) {

    /** How ranks agree on the parameters. */
    enum Sync {
        /** Every gradient is summed over the ranks, so that all take the same step. */
        ALL_REDUCE,
        /** Each takes steps of its own; the parameters are averaged from time to time. */
        PARAMETER_AVERAGING
    }

    /** Reads {@code cluster.*}; errors are noted in the settings. */
    static Cluster read(Settings settings) {
        return new Cluster(settings.integer("cluster.ranks", 1), settings.choice("cluster.sync", Sync.class));
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

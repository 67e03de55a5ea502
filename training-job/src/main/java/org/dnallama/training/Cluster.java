package org.dnallama.training;

import org.dnallama.config.Settings;

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
}

package org.dnallama.collective;

import java.time.Duration;
import java.util.OptionalInt;

/**
 * What one rank brings along to find the others.
 *
 * @param rank its number
 * @param worldSize number of ranks
 * @param host the name or address under which the others reach this process
 * @param timeout how long a rank waits for another before it counts as lost
 * @param gpu the number of this rank's GPU; empty if it has none
 * @param exchange hands every rank what all have to say
 */
public record Meeting(int rank, int worldSize, String host, Duration timeout, OptionalInt gpu, Exchange exchange) {

    /** Hands every rank a short text of each. */
    @FunctionalInterface
    public interface Exchange {

        /**
         * Exchanges; every rank calls it.
         *
         * @param mine this rank's text
         * @return all texts, by rank
         */
        String[] allGather(String mine);
    }
}

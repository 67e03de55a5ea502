package org.dnallama.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.dnallama.collective.AllReduce;

/**
 * What a step cost one rank.
 *
 * @param tokens of its rows, without padding
 * @param computeSeconds in forward and backward passes and updates
 * @param allReduceSeconds in which it stood still for sums over ranks
 * @param dataWaitSeconds in which it stood still for rows
 */
record RankFigures(long tokens, double computeSeconds, double allReduceSeconds, double dataWaitSeconds) {

    /** The figures that ranks exchange, by their names in the log. */
    private static final List<String> NAMES = List.of(
            "rankTokensPerSecond",
            "computeSeconds",
            "allReduceSeconds",
            "dataWaitSeconds",
            "residentBytes",
            "offHeapBytes");

    /** With more ranks than this the log holds rank 0's own figures only, or it would grow out of hand. */
    private static final int MOST_LOGGED_RANKS = 32;

    /**
     * What was exchanged.
     *
     * @param tokens of all ranks
     * @param values for the log: this rank's own figures and, of several but not too many ranks, those of each
     */
    record Exchanged(long tokens, Map<String, Double> values) {}

    /** Tells the others and hears of them; every rank calls it after each step. */
    Exchanged exchange(AllReduce ranks) {
        double[] mine = {
            tokens / (computeSeconds + allReduceSeconds + dataWaitSeconds),
            computeSeconds,
            allReduceSeconds,
            dataWaitSeconds,
            Pointer.physicalBytes(),
            Pointer.totalBytes()
        };
        int listed = ranks.worldSize() <= MOST_LOGGED_RANKS ? ranks.worldSize() : 0;
        // Each rank fills its own place, so that the sum is a list.
        double[] all = new double[1 + listed * mine.length];
        all[0] = tokens;
        if (listed > 0) {
            System.arraycopy(mine, 0, all, 1 + ranks.rank() * mine.length, mine.length);
        }
        ranks.sum(all);
        Map<String, Double> values = new LinkedHashMap<>();
        put(values, "", mine, 0);
        for (int rank = 0; rank < listed && listed > 1; rank++) {
            put(values, "rank" + rank + ".", all, 1 + rank * mine.length);
        }
        return new Exchanged((long) all[0], values);
    }

    private static void put(Map<String, Double> values, String prefix, double[] figures, int at) {
        for (int i = 0; i < NAMES.size(); i++) {
            values.put(prefix + NAMES.get(i), figures[at + i]);
        }
    }
}

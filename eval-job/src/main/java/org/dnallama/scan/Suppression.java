package org.dnallama.scan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/**
 * Non-maximum suppression on one strand of a contig: of the windows that reach the threshold the best is called, then
 * the best of those further than the distance from every call, and so on. Of equals the first is the better one.
 * Windows come in order; as soon as two neighbours are further apart than the distance, what lies before cannot touch
 * what lies behind, so that no more than such a cluster is kept in memory.
 */
final class Suppression {

    private static final Comparator<Candidate> BEST_FIRST =
            Comparator.<Candidate>comparingDouble(one -> -one.score).thenComparingLong(one -> one.start);

    private final double threshold;
    private final long distance;
    private final List<Candidate> cluster = new ArrayList<>();
    private final List<Candidate> calls = new ArrayList<>();

    /**
     * A window that reaches the threshold.
     *
     * @param start where it starts
     * @param score its score
     */
    record Candidate(long start, float score) {}

    /**
     * Nothing called yet.
     *
     * @param threshold least score of a call
     * @param distance bases; the starts of two calls are further apart
     */
    Suppression(double threshold, long distance) {
        this.threshold = threshold;
        this.distance = distance;
    }

    /** Takes the next window; a score that is not a number is below any threshold. */
    void offer(long start, float score) {
        if (score >= threshold) {
            if (!cluster.isEmpty() && start - cluster.get(cluster.size() - 1).start > distance) {
                settle();
            }
            cluster.add(new Candidate(start, score));
        }
    }

    /** All calls, in order of their starts, once no window is left. */
    List<Candidate> calls() {
        settle();
        return calls;
    }

    private void settle() {
        TreeSet<Long> called = new TreeSet<>();
        List<Candidate> ranked = new ArrayList<>(cluster);
        ranked.sort(BEST_FIRST);
        for (Candidate one : ranked) {
            if (called.subSet(one.start - distance, true, one.start + distance, true)
                    .isEmpty()) {
                called.add(one.start);
            }
        }
        cluster.stream().filter(one -> called.contains(one.start)).forEach(calls::add);
        cluster.clear();
    }
}

package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Receiver operating characteristic: recall against the false positive rate as the threshold falls. Equal scores make
 * one step, so a tie between classes is a slanted line.
 *
 * @param points from (0, 0) to (1, 1), one for each distinct score after the origin
 * @param auroc area under the curve, in [0, 1]: the probability that a positive scores above a negative, ties counted
 *     one half (Mann-Whitney), exact but for one rounding
 * @see <a href="https://doi.org/10.1016/j.patrec.2005.10.010">Fawcett 2006</a>
 */
public record RocCurve(List<Point> points, double auroc) {

    /**
     * One threshold on the curve.
     *
     * @param threshold the least score that predicts class 1; infinite at the origin
     * @param falsePositiveRate fp / negatives
     * @param truePositiveRate tp / positives
     */
    public record Point(double threshold, double falsePositiveRate, double truePositiveRate) {}

    /** Copies the points. */
    public RocCurve {
        points = List.copyOf(points);
    }

    /**
     * Draws the curve.
     *
     * @param scores one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @return the curve; empty when either class is missing
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public static Optional<RocCurve> of(double[] scores, int[] labels) {
        RankedScores ranked = RankedScores.of(scores, labels);
        long positives = ranked.positives();
        long negatives = ranked.negatives();
        if (positives == 0 || negatives == 0) {
            return Optional.empty();
        }
        List<Point> points = new ArrayList<>();
        points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
        long tp = 0;
        long fp = 0;
        long twicePairsWon = 0; // whole, so exact: an array has below 2^31 examples, so this stays below 2^61
        for (RankedScores.Group group : ranked.groups()) {
            twicePairsWon += group.positives() * (2 * (negatives - fp) - group.negatives());
            tp += group.positives();
            fp += group.negatives();
            points.add(new Point(group.score(), (double) fp / negatives, (double) tp / positives));
        }
        return Optional.of(new RocCurve(points, twicePairsWon / (2.0 * positives * negatives)));
    }
}

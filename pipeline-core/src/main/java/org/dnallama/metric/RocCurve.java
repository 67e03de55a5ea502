package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Receiver operating characteristic: recall against the false positive rate as the threshold falls. Equal scores make
 * one step, so a tie between classes is a slanted line.
 *
 * @param points from (0, 0) to (1, 1), one for each distinct score after the origin
 * @param auroc area under the curve, as {@link RankedScores#auroc()}
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
     * @param ranked the scores
     * @return the curve; empty when either class is missing
     */
    public static Optional<RocCurve> of(RankedScores ranked) {
        if (!ranked.hasBothClasses()) {
            return Optional.empty();
        }
        List<Point> points = new ArrayList<>();
        points.add(new Point(Double.POSITIVE_INFINITY, 0, 0));
        long tp = 0;
        long fp = 0;
        for (int i = 0; i < ranked.size(); i++) {
            tp += ranked.positives(i);
            fp += ranked.negatives(i);
            points.add(new Point(ranked.score(i), (double) fp / ranked.negatives(), (double) tp / ranked.positives()));
        }
        return Optional.of(new RocCurve(points, ranked.auroc().orElseThrow()));
    }
}

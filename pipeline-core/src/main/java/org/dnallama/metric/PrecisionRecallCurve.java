package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Precision against recall as the threshold falls. Equal scores make one step.
 *
 * @param points one for each distinct score, recall rising
 * @param auprc average precision, as {@link RankedScores#auprc()}
 * @see <a href="https://doi.org/10.1145/1143844.1143874">Davis and Goadrich 2006</a>
 */
public record PrecisionRecallCurve(List<Point> points, double auprc) {

    /**
     * One threshold on the curve.
     *
     * @param threshold the least score that predicts class 1
     * @param recall tp / positives
     * @param precision tp / (tp + fp)
     */
    public record Point(double threshold, double recall, double precision) {}

    /** Copies the points. */
    public PrecisionRecallCurve {
        points = List.copyOf(points);
    }

    /**
     * Draws the curve.
     *
     * @param ranked the scores
     * @return the curve; empty when either class is missing, since it then tells nothing of the ranking
     */
    public static Optional<PrecisionRecallCurve> of(RankedScores ranked) {
        if (!ranked.hasBothClasses()) {
            return Optional.empty();
        }
        List<Point> points = new ArrayList<>();
        long tp = 0;
        long fp = 0;
        for (int i = 0; i < ranked.size(); i++) {
            tp += ranked.positives(i);
            fp += ranked.negatives(i);
            points.add(new Point(ranked.score(i), (double) tp / ranked.positives(), (double) tp / (tp + fp)));
        }
        return Optional.of(new PrecisionRecallCurve(points, ranked.auprc().orElseThrow()));
    }
}

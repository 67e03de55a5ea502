package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Precision against recall as the threshold falls. Equal scores make one step.
 *
 * @param points one for each distinct score, recall rising
 * @param auprc average precision, Σ (recall[i] - recall[i-1]) · precision[i], in (0, 1]; no interpolation, which would
 *     flatter
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
     * @param scores one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @return the curve; empty when either class is missing, since it then tells nothing of the ranking
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public static Optional<PrecisionRecallCurve> of(double[] scores, int[] labels) {
        RankedScores ranked = RankedScores.of(scores, labels);
        if (ranked.positives() == 0 || ranked.negatives() == 0) {
            return Optional.empty();
        }
        List<Point> points = new ArrayList<>();
        long tp = 0;
        long fp = 0;
        double weighted = 0;
        for (RankedScores.Group group : ranked.groups()) {
            tp += group.positives();
            fp += group.negatives();
            double precision = (double) tp / (tp + fp);
            weighted += group.positives() * precision;
            points.add(new Point(group.score(), (double) tp / ranked.positives(), precision));
        }
        return Optional.of(new PrecisionRecallCurve(points, weighted / ranked.positives()));
    }
}

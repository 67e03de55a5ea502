package org.dnallama.metric;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * The same labelled rows as one or several models score them, to be resampled: a bootstrap draws rows, so that a row's
 * scores by all models stay together. Their order has a say in which rows a seed draws.
 */
public final class ScoredRows implements Serializable {

    private static final long serialVersionUID = 1L;

    private final int[] labels;
    private final ArrayList<RankedScores> models = new ArrayList<>();
    private final ArrayList<int[]> ranks = new ArrayList<>();

    /**
     * Ranks the rows by each model.
     *
     * @param labels 0 or 1, one a row
     * @param scores of each model, one a row, not NaN
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public ScoredRows(int[] labels, List<double[]> scores) {
        this.labels = labels.clone();
        for (double[] each : scores) {
            RankedScores ranked = RankedScores.of(each, labels);
            int[] rank = new int[each.length];
            for (int i = 0; i < rank.length; i++) {
                rank[i] = ranked.rank(each[i]);
            }
            models.add(ranked);
            ranks.add(rank);
        }
    }

    /**
     * The rows' number.
     *
     * @return labels, or scores of any model
     */
    public int count() {
        return labels.length;
    }

    /**
     * The rows as one model ranks them.
     *
     * @param model its place
     * @return the ranking
     */
    public RankedScores ranked(int model) {
        return models.get(model);
    }

    /** Of each row whether a model predicts its class. */
    boolean[] isRight(int model, double threshold) {
        boolean[] right = new boolean[labels.length];
        for (int i = 0; i < right.length; i++) {
            boolean positive = models.get(model).score(ranks.get(model)[i]) >= threshold;
            right[i] = positive == (labels[i] == 1);
        }
        return right;
    }

    /**
     * One resample of a bootstrap: as many rows as there are, drawn with replacement and without regard to their class.
     *
     * @param thresholds of each model
     * @param seed the run's
     * @param index of the resample, which alone decides which rows are drawn
     * @return of each model every metric that is defined
     */
    public List<Map<Metric, Double>> resampled(List<Double> thresholds, long seed, long index) {
        List<RankedScores> drawn = draw(new Seeds(seed).stream("bootstrap", index));
        List<Map<Metric, Double>> values = new ArrayList<>();
        for (int m = 0; m < drawn.size(); m++) {
            values.add(BinaryMetrics.of(drawn.get(m), thresholds.get(m)).values());
        }
        return values;
    }

    private List<RankedScores> draw(RandomGenerator random) {
        List<long[][]> counts = new ArrayList<>();
        models.forEach(model -> counts.add(new long[2][model.size()]));
        for (int n = 0; n < labels.length; n++) {
            int row = random.nextInt(labels.length);
            for (int m = 0; m < counts.size(); m++) {
                counts.get(m)[labels[row]][ranks.get(m)[row]]++;
            }
        }
        List<RankedScores> drawn = new ArrayList<>();
        for (int m = 0; m < counts.size(); m++) {
            drawn.add(models.get(m).withCounts(counts.get(m)[1], counts.get(m)[0]));
        }
        return drawn;
    }
}

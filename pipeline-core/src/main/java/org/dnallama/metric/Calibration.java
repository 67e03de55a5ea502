package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;

/**
 * How well scores hold as probabilities: examples in {@value #BINS} bins of equal width over [0, 1], bin b taking
 * scores from b / {@value #BINS} on, the last one including 1.
 *
 * @param bins those that are not empty, scores rising
 * @param error expected calibration error: the mean over examples of the distance, in their bin, between the mean score
 *     and the fraction of class 1
 * @see <a href="https://arxiv.org/abs/1706.04599">Guo et al. 2017</a>; here of class 1, not of the likelier class
 */
public record Calibration(List<Bin> bins, double error) {

    /** Number of bins. */
    public static final int BINS = 10;

    /**
     * Examples of similar score.
     *
     * @param count how many
     * @param positives those of class 1
     * @param meanScore mean of their scores
     */
    public record Bin(long count, long positives, double meanScore) {

        /**
         * What calibrated scores would equal.
         *
         * @return positives / count
         */
        public double positiveFraction() {
            return (double) positives / count;
        }

        /** The 95 % interval of the fraction (Wilson 1927). */
        Range likely() {
            var interval =
                    new WilsonScoreInterval().createInterval(Math.toIntExact(count), Math.toIntExact(positives), LEVEL);
            return new Range(interval.getLowerBound(), interval.getUpperBound());
        }
    }

    /** From one fraction to another. */
    record Range(double low, double high) {}

    private static final double LEVEL = 0.95;

    /** Copies the bins. */
    public Calibration {
        bins = List.copyOf(bins);
    }

    /**
     * Fills the bins.
     *
     * @param ranked the scores
     * @return empty when there is no example, or a score is no probability
     */
    public static Optional<Calibration> of(RankedScores ranked) {
        long all = ranked.positives() + ranked.negatives();
        if (all == 0 || !ranked.areProbabilities()) {
            return Optional.empty();
        }
        long[] counts = new long[BINS];
        long[] positives = new long[BINS];
        double[] sums = new double[BINS];
        for (int i = 0; i < ranked.size(); i++) {
            int bin = Math.min(BINS - 1, (int) (ranked.score(i) * BINS));
            long count = ranked.positives(i) + ranked.negatives(i);
            counts[bin] += count;
            positives[bin] += ranked.positives(i);
            sums[bin] += count * ranked.score(i);
        }
        List<Bin> bins = new ArrayList<>();
        double distances = 0;
        for (int b = 0; b < BINS; b++) {
            if (counts[b] > 0) {
                bins.add(new Bin(counts[b], positives[b], sums[b] / counts[b]));
                distances += Math.abs(sums[b] - positives[b]);
            }
        }
        return Optional.of(new Calibration(bins, distances / all));
    }
}

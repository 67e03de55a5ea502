package org.dnallama.metric;

import java.util.OptionalDouble;

/** The threshold with the highest MCC, to be chosen on dev rows and used on others. */
public final class BestThreshold {

    private static final double USUAL = 0.5;

    private BestThreshold() {}

    /**
     * Chooses. Thresholds lie half-way between neighbouring scores, since any of a gap predicts these rows alike; of
     * those with equal MCC the one nearest to 0.5 is taken, then the higher one.
     *
     * @param ranked the rows to choose on
     * @return the threshold; empty when MCC is undefined at every one, as with one class or one score
     */
    public static OptionalDouble of(RankedScores ranked) {
        double best = Double.NEGATIVE_INFINITY;
        double threshold = Double.NaN;
        long tp = 0;
        long fp = 0;
        for (int i = 0; i + 1 < ranked.size(); i++) {
            tp += ranked.positives(i);
            fp += ranked.negatives(i);
            double mcc = new ConfusionCounts(tp, fp, ranked.negatives() - fp, ranked.positives() - tp)
                    .mcc()
                    .orElse(Double.NEGATIVE_INFINITY);
            double candidate = between(ranked.score(i + 1), ranked.score(i));
            if (mcc > best || (mcc == best && Math.abs(candidate - USUAL) < Math.abs(threshold - USUAL))) {
                best = mcc;
                threshold = candidate;
            }
        }
        return Double.isInfinite(best) ? OptionalDouble.empty() : OptionalDouble.of(threshold);
    }

    // Between neighbouring doubles there is none: then the upper one, so that the lower one predicts class 0.
    private static double between(double low, double high) {
        double middle = low + (high - low) / 2;
        return middle > low ? middle : high;
    }
}

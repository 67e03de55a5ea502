package org.dnallama.metric;

import java.io.Serializable;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * Scores from the highest down, equal ones taken together: no order within a tie can flatter a metric. All that the
 * scores of a binary classifier are worth is a function of these counts.
 */
public final class RankedScores implements Serializable {

    private static final long serialVersionUID = 1L;

    private final double[] scores;
    private final long[] positives;
    private final long[] negatives;
    private final long allPositives;
    private final long allNegatives;

    private RankedScores(double[] scores, long[] positives, long[] negatives) {
        this.scores = scores;
        this.positives = positives;
        this.negatives = negatives;
        this.allPositives = Arrays.stream(positives).sum();
        this.allNegatives = Arrays.stream(negatives).sum();
    }

    /**
     * Ranks scores.
     *
     * @param scores one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @return the ranking
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    public static RankedScores of(double[] scores, int[] labels) {
        check(scores, labels);
        // Adding zero makes one of both zeros, which are equal but sort apart.
        double[] rising = Arrays.stream(scores)
                .map(score -> score + 0.0)
                .sorted()
                .distinct()
                .toArray();
        double[] falling = new double[rising.length];
        Arrays.setAll(falling, i -> rising[rising.length - 1 - i]);
        RankedScores ranked = new RankedScores(falling, new long[falling.length], new long[falling.length]);
        long[] positives = new long[falling.length];
        long[] negatives = new long[falling.length];
        for (int i = 0; i < scores.length; i++) {
            (labels[i] == 1 ? positives : negatives)[ranked.rank(scores[i])]++;
        }
        return ranked.withCounts(positives, negatives);
    }

    private static void check(double[] scores, int[] labels) {
        if (scores.length != labels.length) {
            throw new IllegalArgumentException(
                    scores.length + " scores but " + labels.length + " labels; there must be one label for each score");
        }
        for (int i = 0; i < scores.length; i++) {
            if (Double.isNaN(scores[i])) {
                throw new IllegalArgumentException("score " + i + " is NaN; scores must be comparable");
            }
            if (labels[i] != 0 && labels[i] != 1) {
                throw new IllegalArgumentException("label " + i + " is " + labels[i] + "; it must be 0 or 1");
            }
        }
    }

    /** The same scores, met by other numbers of examples, some of them perhaps by none. */
    RankedScores withCounts(long[] otherPositives, long[] otherNegatives) {
        return new RankedScores(scores, otherPositives, otherNegatives);
    }

    /** How many distinct scores are higher than this one, which must be among them. */
    int rank(double score) {
        int low = 0;
        int high = scores.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (scores[middle] > score) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** Number of distinct scores. */
    int size() {
        return scores.length;
    }

    /** The score of a rank, falling with it. */
    double score(int rank) {
        return scores[rank];
    }

    /** Examples of class 1 with the score of a rank. */
    long positives(int rank) {
        return positives[rank];
    }

    /** Examples of class 0 with the score of a rank. */
    long negatives(int rank) {
        return negatives[rank];
    }

    /**
     * Examples of class 1.
     *
     * @return their number
     */
    public long positives() {
        return allPositives;
    }

    /**
     * Examples of class 0.
     *
     * @return their number
     */
    public long negatives() {
        return allNegatives;
    }

    /**
     * Counts predictions; a score at or above the threshold predicts class 1.
     *
     * @param threshold the least score that predicts class 1
     * @return the table
     */
    public ConfusionCounts at(double threshold) {
        long tp = 0;
        long fp = 0;
        for (int i = 0; i < scores.length && scores[i] >= threshold; i++) {
            tp += positives[i];
            fp += negatives[i];
        }
        return new ConfusionCounts(tp, fp, allNegatives - fp, allPositives - tp);
    }

    /**
     * Area under the ROC curve: the probability that a positive scores above a negative, ties counted one half
     * (Mann-Whitney), exact but for one rounding.
     *
     * @return in [0, 1]; empty when a class is missing
     */
    public OptionalDouble auroc() {
        long below = allNegatives;
        long twicePairsWon = 0; // whole, so exact: an array has below 2^31 examples, so this stays below 2^61
        for (int i = 0; i < scores.length; i++) {
            twicePairsWon += positives[i] * (2 * below - negatives[i]);
            below -= negatives[i];
        }
        return hasBothClasses()
                ? OptionalDouble.of(twicePairsWon / (2.0 * allPositives * allNegatives))
                : OptionalDouble.empty();
    }

    /**
     * Average precision, Σ (recall[i] - recall[i-1]) · precision[i]; no interpolation, which would flatter.
     *
     * @return in (0, 1]; empty when a class is missing, since it then tells nothing of the ranking
     */
    public OptionalDouble auprc() {
        long tp = 0;
        long fp = 0;
        double weighted = 0;
        for (int i = 0; i < scores.length; i++) {
            tp += positives[i];
            fp += negatives[i];
            if (positives[i] > 0) {
                weighted += positives[i] * ((double) tp / (tp + fp));
            }
        }
        return hasBothClasses() ? OptionalDouble.of(weighted / allPositives) : OptionalDouble.empty();
    }

    /**
     * Mean squared distance between score and label.
     *
     * @return in [0, 1]; empty when there is no example, or a score is no probability
     * @see <a href="https://doi.org/10.1175/1520-0493(1950)078%3C0001:VOFEIT%3E2.0.CO;2">Brier 1950</a>
     */
    public OptionalDouble brier() {
        if (!areProbabilities() || allPositives + allNegatives == 0) {
            return OptionalDouble.empty();
        }
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            sum += positives[i] * (1 - scores[i]) * (1 - scores[i]) + negatives[i] * scores[i] * scores[i];
        }
        return OptionalDouble.of(sum / (allPositives + allNegatives));
    }

    boolean hasBothClasses() {
        return allPositives > 0 && allNegatives > 0;
    }

    boolean areProbabilities() {
        return scores.length == 0 || (scores[0] <= 1 && scores[scores.length - 1] >= 0);
    }
}

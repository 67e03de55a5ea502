package org.dnallama.metric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scores from the highest down, equal ones taken together: no order within a tie can flatter a curve.
 *
 * @param groups one for each distinct score, highest first
 * @param positives examples of class 1
 * @param negatives examples of class 0
 */
record RankedScores(List<Group> groups, long positives, long negatives) {

    /**
     * The examples that share a score.
     *
     * @param score the score
     * @param positives those of class 1
     * @param negatives those of class 0
     */
    record Group(double score, long positives, long negatives) {}

    RankedScores {
        groups = List.copyOf(groups);
    }

    /**
     * Ranks scores.
     *
     * @param scores one for each example, not NaN
     * @param labels 0 or 1, as many as scores
     * @return the ranking
     * @throws IllegalArgumentException if the lengths differ, a score is NaN or a label is neither 0 nor 1
     */
    static RankedScores of(double[] scores, int[] labels) {
        check(scores, labels);
        double[] positives = sorted(scores, labels, 1);
        double[] negatives = sorted(scores, labels, 0);
        List<Group> groups = new ArrayList<>();
        int p = positives.length;
        int n = negatives.length;
        while (p > 0 || n > 0) {
            double score = p == 0
                    ? negatives[n - 1]
                    : n == 0 ? positives[p - 1] : Math.max(positives[p - 1], negatives[n - 1]);
            int pBefore = p;
            int nBefore = n;
            while (p > 0 && positives[p - 1] == score) {
                p--;
            }
            while (n > 0 && negatives[n - 1] == score) {
                n--;
            }
            groups.add(new Group(score, pBefore - p, nBefore - n));
        }
        return new RankedScores(groups, positives.length, negatives.length);
    }

    static void check(double[] scores, int[] labels) {
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

    private static double[] sorted(double[] scores, int[] labels, int label) {
        double[] own = new double[scores.length];
        int count = 0;
        for (int i = 0; i < scores.length; i++) {
            if (labels[i] == label) {
                own[count++] = scores[i];
            }
        }
        double[] sorted = Arrays.copyOf(own, count);
        Arrays.sort(sorted);
        return sorted;
    }
}

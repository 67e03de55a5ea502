package org.dnallama.metric;

import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * How sure a mean difference between two methods is, from runs of both with the same seeds: the percentile interval of
 * the mean over resampled seeds. Up to six seeds all resamples there can be are taken, else 10,000 random ones.
 *
 * @param mean mean of the differences
 * @param low 2.5th percentile of the resampled means
 * @param high 97.5th percentile
 * @param below how many differences are below zero
 * @param count how many differences there are
 * @see <a href="https://doi.org/10.1201/9780429246593">Efron and Tibshirani 1993, chapter 13</a>
 */
public record PairedBootstrap(double mean, double low, double high, int below, int count) {

    private static final int MOST_ENUMERATED = 6;
    private static final int RESAMPLES = 10_000;

    /**
     * Resamples differences.
     *
     * @param differences one for each seed, at least one
     * @return the interval
     */
    public static PairedBootstrap of(List<Double> differences) {
        double[] d = differences.stream().mapToDouble(Double::doubleValue).toArray();
        double[] means = d.length <= MOST_ENUMERATED ? all(d) : random(d);
        Arrays.sort(means);
        return new PairedBootstrap(
                Arrays.stream(d).average().orElseThrow(),
                percentile(means, 0.025),
                percentile(means, 0.975),
                (int) Arrays.stream(d).filter(x -> x < 0).count(),
                d.length);
    }

    /**
     * The smallest two-sided p that a sign test over so few seeds can give: all differences of one sign.
     *
     * @return 2 / 2^count
     */
    public double smallestSignP() {
        return Math.min(1, 2 * Math.pow(0.5, count));
    }

    private static double[] all(double[] d) {
        double[] means = new double[(int) Math.pow(d.length, d.length)];
        for (int i = 0; i < means.length; i++) {
            double sum = 0;
            for (int k = 0, digits = i; k < d.length; k++, digits /= d.length) {
                sum += d[digits % d.length];
            }
            means[i] = sum / d.length;
        }
        return means;
    }

    private static double[] random(double[] d) {
        RandomGenerator random = new Seeds(0).stream("bootstrap");
        double[] means = new double[RESAMPLES];
        for (int i = 0; i < means.length; i++) {
            means[i] = random.ints(d.length, 0, d.length).mapToDouble(k -> d[k]).sum() / d.length;
        }
        return means;
    }

    // The smallest value that at least this part of the means does not exceed.
    private static double percentile(double[] sorted, double part) {
        return sorted[(int) Math.ceil(part * sorted.length) - 1];
    }
}

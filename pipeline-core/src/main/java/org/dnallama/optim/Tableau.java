package org.dnallama.optim;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * An explicit Runge-Kutta method as numbers, its Butcher tableau: stage i lies where the slopes of the stages j before
 * it lead with weights a[i][j] / aUnits; the step follows the mean of all slopes with weights b[i] / bUnits.
 *
 * @param name by which configurations call it
 * @param order of the method
 * @param aUnits denominator of a
 * @param a one row for each stage but the first, with a number for each stage before it
 * @param bUnits denominator of b
 * @param b a number for each stage, bUnits in all
 * @see <a href="https://doi.org/10.1002/9781119121534">Butcher 2016</a>
 */
public record Tableau(String name, int order, int aUnits, List<List<Integer>> a, int bUnits, List<Integer> b)
        implements Serializable {

    /** Heun's method of two stages. */
    public static final Tableau HEUN_2 = new Tableau("heun-2", 2, 1, List.of(List.of(1)), 2, List.of(1, 1));

    /** Kutta's method of three stages. */
    public static final Tableau KUTTA_3 =
            new Tableau("kutta-3", 3, 2, List.of(List.of(1), List.of(-2, 4)), 6, List.of(1, 4, 1));

    /** The classical method of four stages. */
    public static final Tableau CLASSIC_4 = new Tableau(
            "classic-4", 4, 2, List.of(List.of(1), List.of(0, 1), List.of(0, 0, 2)), 6, List.of(1, 2, 2, 1));

    /** Kutta's 3/8 rule. */
    public static final Tableau THREE_EIGHTHS_4 = new Tableau(
            "three-eighths-4", 4, 3, List.of(List.of(1), List.of(-1, 3), List.of(3, -3, 3)), 8, List.of(1, 3, 3, 1));

    /**
     * Four stages whose stability polynomial is Chebyshev's T4(1 - z/16): stable up to z = 32 instead of 2.8, at the
     * price of order 1.
     *
     * @see <a href="https://doi.org/10.1007/978-3-642-05221-7">Hairer and Wanner 1996, IV.2</a>
     */
    public static final Tableau CHEBYSHEV_4 = new Tableau(
            "chebyshev-4", 1, 16, List.of(List.of(1), List.of(2, 2), List.of(3, 4, 2)), 8, List.of(2, 3, 2, 1));

    private static final List<Tableau> ALL = List.of(HEUN_2, KUTTA_3, CLASSIC_4, THREE_EIGHTHS_4, CHEBYSHEV_4);

    /** Checks that the numbers belong together. */
    public Tableau {
        boolean triangle = a.size() == b.size() - 1
                && IntStream.range(0, a.size()).allMatch(i -> a.get(i).size() == i + 1);
        if (!triangle || sum(b) != bUnits || a.stream().anyMatch(row -> sum(row) <= 0)) {
            throw new IllegalArgumentException("no tableau of an explicit method: " + name);
        }
    }

    /**
     * The tableaux there are.
     *
     * @return them by name
     */
    public static Map<String, Tableau> byName() {
        Map<String, Tableau> byName = new LinkedHashMap<>();
        ALL.forEach(tableau -> byName.put(tableau.name, tableau));
        return Collections.unmodifiableMap(byName);
    }

    /**
     * Gradients that a step takes.
     *
     * @return at least 2
     */
    public int stages() {
        return b.size();
    }

    /**
     * How far along the step a stage lies.
     *
     * @param stage from 0
     * @return c, the sum of the stage's row; 0 for the first
     */
    public double node(int stage) {
        return stage == 0 ? 0 : (double) sum(a.get(stage - 1)) / aUnits;
    }

    /** A number of the tableau, as a real one. */
    double weight(int stage, int earlier) {
        return (double) a.get(stage - 1).get(earlier) / aUnits;
    }

    /** Weights with which the slopes before a stage lead there, as parts of 1. */
    List<Double> towards(int stage) {
        return parts(a.get(stage - 1));
    }

    /** Weights of all slopes in the step. */
    List<Double> weights() {
        return parts(b);
    }

    private static List<Double> parts(List<Integer> row) {
        return row.stream().map(number -> (double) number / sum(row)).toList();
    }

    private static int sum(List<Integer> row) {
        return row.stream().mapToInt(Integer::intValue).sum();
    }

    /**
     * Whether a batch can be dealt to the stages.
     *
     * @param microBatches of the batch
     * @return whether they are a multiple of bUnits or of the stages
     */
    public boolean divides(int microBatches) {
        return microBatches % bUnits == 0 || microBatches % stages() == 0;
    }

    /**
     * Whether a rank deals its part of a step as one rank would deal the whole.
     *
     * @param step micro-batches of the step
     * @param rank those of one rank
     * @return whether both can be dealt, and by the same shares
     */
    public boolean dealsAlike(int step, int rank) {
        return divides(step) && divides(rank) && portions(step).equals(portions(rank));
    }

    /**
     * Deals a batch to the stages: by their weights in the step where that comes out even, so that each micro-batch
     * weighs the same; else the same number to each.
     *
     * @param microBatches of the batch
     * @return one portion for each stage
     * @throws IllegalArgumentException if neither comes out even
     */
    public List<BatchPortion> portions(int microBatches) {
        if (!divides(microBatches)) {
            throw new IllegalArgumentException(
                    "%d micro-batches cannot be dealt to the stages of %s: take a multiple of %d or %d"
                            .formatted(microBatches, name, stages(), bUnits));
        }
        List<Integer> shares = microBatches % bUnits == 0 ? b : Collections.nCopies(stages(), 1);
        List<BatchPortion> portions = new ArrayList<>();
        int from = 0;
        for (int share : shares) {
            portions.add(new BatchPortion(from, from + share, sum(shares)));
            from += share;
        }
        return portions;
    }
}

package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Colours that the colour-blind can tell apart (Okabe and Ito's, and lighter ones for dark backgrounds). AdamW and KT4
 * have the same colour in every report.
 */
final class Palette {

    /** For light backgrounds. */
    static final List<String> LIGHT = List.of("#0072b2", "#d55e00", "#009e73", "#a6487f", "#8a6d00", "#2f7fa3");

    /** For dark backgrounds, in the same order. */
    static final List<String> DARK = List.of("#56b4e9", "#ff9a52", "#2cc79b", "#e59ac2", "#f0c800", "#a8d8f5");

    /** Lengths of dashes and gaps; the first is a full line. */
    static final List<List<Integer>> DASHES = List.of(List.of(), List.of(7, 4), List.of(2, 3), List.of(9, 3, 2, 3));

    private static final List<String> FIXED = List.of("adamw", "kt4");

    private Palette() {}

    /**
     * The colour of each evaluation, by its optimizer.
     *
     * @param evaluations any number
     * @return one index into the palette for each
     */
    static List<Integer> colours(List<Evaluation> evaluations) {
        List<String> optimizers = new ArrayList<>(FIXED);
        List<Integer> colours = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            if (!optimizers.contains(evaluation.optimizer())) {
                optimizers.add(evaluation.optimizer());
            }
            colours.add(optimizers.indexOf(evaluation.optimizer()) % LIGHT.size());
        }
        return colours;
    }

    /**
     * The dash pattern of each evaluation: 0 for the first one of an optimizer, then 1, and so on.
     *
     * @param evaluations any number
     * @return one index into {@link #DASHES} for each
     */
    static List<Integer> dashes(List<Evaluation> evaluations) {
        List<String> seen = new ArrayList<>();
        List<Integer> dashes = new ArrayList<>();
        for (Evaluation evaluation : evaluations) {
            long before = seen.stream().filter(evaluation.optimizer()::equals).count();
            dashes.add((int) (before % DASHES.size()));
            seen.add(evaluation.optimizer());
        }
        return dashes;
    }
}

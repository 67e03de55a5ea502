package org.dnallama.metric;

import java.util.ArrayList;
import java.util.List;

/**
 * Colours that the colour-blind can tell apart (Okabe and Ito's, and lighter ones for dark backgrounds). Each of our
 * optimizers has the same colour in every report.
 */
final class Palette {

    /** For light backgrounds. */
    static final List<String> LIGHT = List.of("#0072b2", "#d55e00", "#009e73", "#a6487f", "#8a6d00", "#2f7fa3");

    /** For dark backgrounds, in the same order. */
    static final List<String> DARK = List.of("#56b4e9", "#ff9a52", "#2cc79b", "#e59ac2", "#f0c800", "#a8d8f5");

    /** Lengths of dashes and gaps; the first is a full line. */
    static final List<List<Integer>> DASHES = List.of(List.of(), List.of(7, 4), List.of(2, 3), List.of(9, 3, 2, 3));

    private static final List<String> FIXED = List.of("adamw", "kt4", "kt4-split", "nadamw", "kt4-classic");

    private Palette() {}

    /** The colour of each evaluation, by its optimizer: one index into the palette for each. */
    static List<Integer> colours(List<Evaluation> evaluations) {
        return coloursOf(evaluations.stream().map(Evaluation::optimizer).toList());
    }

    /** The dash pattern of each evaluation: one index into {@link #DASHES} for each. */
    static List<Integer> dashes(List<Evaluation> evaluations) {
        return dashesOf(evaluations.stream().map(Evaluation::optimizer).toList());
    }

    /** The colour of each optimizer, the same wherever it is shown: one index into the palette for each. */
    static List<Integer> coloursOf(List<String> optimizers) {
        List<String> known = new ArrayList<>(FIXED);
        List<Integer> colours = new ArrayList<>();
        for (String optimizer : optimizers) {
            if (!known.contains(optimizer)) {
                known.add(optimizer);
            }
            colours.add(known.indexOf(optimizer) % LIGHT.size());
        }
        return colours;
    }

    /** 0 where an optimizer is met for the first time, then 1, and so on: an index into {@link #DASHES} for each. */
    static List<Integer> dashesOf(List<String> optimizers) {
        List<String> seen = new ArrayList<>();
        List<Integer> dashes = new ArrayList<>();
        for (String optimizer : optimizers) {
            long before = seen.stream().filter(optimizer::equals).count();
            dashes.add((int) (before % DASHES.size()));
            seen.add(optimizer);
        }
        return dashes;
    }
}

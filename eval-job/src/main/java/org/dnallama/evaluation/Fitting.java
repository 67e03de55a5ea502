package org.dnallama.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Makes sequences fit a model's context.
 *
 * @param fits whether bases do; if they do, so do fewer of them
 * @param tooLong what is done if they do not
 */
record Fitting(Predicate<String> fits, TooLong tooLong) {

    /** The pieces of a sequence that are scored: itself if it fits. */
    List<String> pieces(String bases) {
        return fits.test(bases)
                ? List.of(bases)
                : tooLong == TooLong.WINDOW ? windows(bases) : List.of(beginning(bases));
    }

    private List<String> windows(String bases) {
        int length = beginning(bases).length();
        int last = bases.length() - length;
        List<String> windows = new ArrayList<>();
        for (int start = 0; start < last; start += Math.max(1, length / 2)) {
            windows.add(beginning(bases.substring(start, start + length)));
        }
        windows.add(beginning(bases.substring(last)));
        return windows;
    }

    /** As many bases as fit, found by halves; at least one. */
    private String beginning(String bases) {
        int low = 1;
        int high = bases.length();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (fits.test(bases.substring(0, middle))) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return bases.substring(0, low);
    }
}

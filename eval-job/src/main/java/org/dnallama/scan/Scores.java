package org.dnallama.scan;

/**
 * The scores of some windows, in order.
 *
 * @param forward of the bases as they stand in the file; not a number where a window was skipped
 * @param reverse of their reverse complements, as many
 */
@SuppressWarnings("ArrayRecordComponent")
record Scores(float[] forward, float[] reverse) {

    Scores {
        if (forward.length != reverse.length) {
            throw new IllegalArgumentException(forward.length + " scores forward, " + reverse.length + " reverse");
        }
    }

    int count() {
        return forward.length;
    }

    boolean isSkipped(int window) {
        return Float.isNaN(forward[window]);
    }
}

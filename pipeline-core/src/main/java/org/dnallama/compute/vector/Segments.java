package org.dnallama.compute.vector;

import static org.dnallama.compute.vector.VectorBackend.row;
import static org.dnallama.compute.vector.VectorBackend.zeroed;

import org.dnallama.compute.Matrix;

/** Sums over runs of rows. */
final class Segments {

    private final RowKernels rows;

    Segments(RowKernels rows) {
        this.rows = rows;
    }

    void mean(Matrix y, Matrix x, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            Row mean = zeroed(row(y, s), y.columns());
            for (int r = first[s]; r < end[s]; r++) {
                rows.addScaled(mean, 1f / (end[s] - first[s]), row(x, r), y.columns());
            }
        }
    }

    void meanBackward(Matrix dx, Matrix dy, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            for (int r = first[s]; r < end[s]; r++) {
                rows.addScaled(row(dx, r), 1f / (end[s] - first[s]), row(dy, s), dy.columns());
            }
        }
    }

    void weighted(Matrix y, Matrix x, Matrix w, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            Row sum = zeroed(row(y, s), y.columns());
            float factor = rootOfLength(s, first, end);
            for (int r = first[s]; r < end[s]; r++) {
                rows.addScaledProduct(sum, factor, row(x, r), row(w, r - first[s]), y.columns());
            }
        }
    }

    void weightedBackward(Matrix dx, Matrix dw, Matrix dy, Matrix x, Matrix w, int[] first, int[] end) {
        for (int s = 0; s < first.length; s++) {
            Row d = row(dy, s);
            float factor = rootOfLength(s, first, end);
            for (int r = first[s]; r < end[s]; r++) {
                rows.addScaledProduct(row(dx, r), factor, d, row(w, r - first[s]), dy.columns());
                rows.addScaledProduct(row(dw, r - first[s]), factor, d, row(x, r), dy.columns());
            }
        }
    }

    private static float rootOfLength(int segment, int[] first, int[] end) {
        return (float) Math.sqrt(end[segment] - first[segment]);
    }
}

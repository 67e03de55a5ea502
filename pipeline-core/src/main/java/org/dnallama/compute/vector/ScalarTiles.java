package org.dnallama.compute.vector;

/** The same products in plain Java. */
final class ScalarTiles implements TileKernels {

    private static final double LN_2 = 0.6931471805599453;

    @Override
    public int width() {
        return 8;
    }

    @Override
    public void scores(Panel s, Panel q, Panel k, int depth, int tiles) {
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < tiles * width(); j++) {
                int key = k.at + j / width() * width() * depth + j % width();
                float sum = 0;
                for (int d = 0; d < depth; d++) {
                    sum = Math.fma(q.data[q.at + r * q.stride + d], k.data[key + d * width()], sum);
                }
                s.data[s.at + r * s.stride + j] = sum;
            }
        }
    }

    @Override
    public void weightedRows(Panel o, Panel p, Panel v, int keys, int tiles) {
        for (int r = 0; r < ROWS; r++) {
            for (int j = 0; j < keys; j++) {
                addScaled(o, r, p.data[p.at + r * p.stride + j], v, j, tiles);
            }
        }
    }

    @Override
    public void outerProducts(Panel d, Panel p, Panel q, int keys, int tiles) {
        for (int j = 0; j < keys; j++) {
            for (int r = 0; r < ROWS; r++) {
                addScaled(d, j, p.data[p.at + r * p.stride + j], q, r, tiles);
            }
        }
    }

    private void addScaled(Panel y, int yRow, float factor, Panel x, int xRow, int tiles) {
        int to = y.at + yRow * y.stride;
        int from = x.at + xRow * x.stride;
        for (int c = 0; c < tiles * width(); c++) {
            y.data[to + c] = Math.fma(factor, x.data[from + c], y.data[to + c]);
        }
    }

    @Override
    public float exp2OfScores(Panel s, int from, int to, float[] peak, int row) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, s.data[s.at + i]);
        }
        peak[row] = max;
        float sum = 0;
        for (int i = from; i < to; i++) {
            float value = exp2(s.data[s.at + i] - max);
            s.data[s.at + i] = value;
            sum += value;
        }
        return sum;
    }

    @Override
    public void softmaxBackward(Panel s, Panel d, int from, int to, float log2SumExp, float mean) {
        for (int i = from; i < to; i++) {
            float p = exp2(s.data[s.at + i] - log2SumExp);
            s.data[s.at + i] = p;
            d.data[d.at + i] = p * (d.data[d.at + i] - mean);
        }
    }

    private static float exp2(float x) {
        return (float) StrictMath.exp(x * LN_2);
    }
}

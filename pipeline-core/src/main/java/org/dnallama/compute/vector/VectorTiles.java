package org.dnallama.compute.vector;

import static org.dnallama.compute.vector.VectorMath.SPECIES;
import static org.dnallama.compute.vector.VectorMath.WIDTH;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The products on the Vector API: a tile is two vectors wide, so four rows make eight sums that stay in registers while
 * the inner loop runs.
 */
final class VectorTiles implements TileKernels {

    private static final int TILE = 2 * WIDTH;

    @Override
    public int width() {
        return TILE;
    }

    @Override
    public void scores(Panel s, Panel q, Panel k, int depth, int tiles) {
        for (int t = 0; t < tiles; t++) {
            scoresOfTile(s.data, s.at + t * TILE, s.stride, q, k.data, k.at + t * TILE * depth, depth);
        }
    }

    private static void scoresOfTile(float[] s, int to, int stride, Panel queries, float[] k, int from, int depth) {
        float[] q = queries.data;
        int q0 = queries.at;
        int q1 = q0 + queries.stride;
        int q2 = q1 + queries.stride;
        int q3 = q2 + queries.stride;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int d = 0; d < depth; d++) {
            FloatVector k0 = FloatVector.fromArray(SPECIES, k, from + d * TILE);
            FloatVector k1 = FloatVector.fromArray(SPECIES, k, from + d * TILE + WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, q[q0 + d]);
            s00 = x.fma(k0, s00);
            s01 = x.fma(k1, s01);
            x = FloatVector.broadcast(SPECIES, q[q1 + d]);
            s10 = x.fma(k0, s10);
            s11 = x.fma(k1, s11);
            x = FloatVector.broadcast(SPECIES, q[q2 + d]);
            s20 = x.fma(k0, s20);
            s21 = x.fma(k1, s21);
            x = FloatVector.broadcast(SPECIES, q[q3 + d]);
            s30 = x.fma(k0, s30);
            s31 = x.fma(k1, s31);
        }
        s00.intoArray(s, to);
        s01.intoArray(s, to + WIDTH);
        s10.intoArray(s, to + stride);
        s11.intoArray(s, to + stride + WIDTH);
        s20.intoArray(s, to + 2 * stride);
        s21.intoArray(s, to + 2 * stride + WIDTH);
        s30.intoArray(s, to + 3 * stride);
        s31.intoArray(s, to + 3 * stride + WIDTH);
    }

    @Override
    public void weightedRows(Panel o, Panel p, Panel v, int keys, int tiles) {
        for (int t = 0; t < tiles; t++) {
            weightedRowsOfTile(o.data, o.at + t * TILE, o.stride, p, v, t * TILE, keys);
        }
    }

    private static void weightedRowsOfTile(
            float[] o, int to, int stride, Panel weights, Panel values, int c, int keys) {
        float[] p = weights.data;
        float[] v = values.data;
        int p0 = weights.at;
        int p1 = p0 + weights.stride;
        int p2 = p1 + weights.stride;
        int p3 = p2 + weights.stride;
        FloatVector o00 = FloatVector.fromArray(SPECIES, o, to);
        FloatVector o01 = FloatVector.fromArray(SPECIES, o, to + WIDTH);
        FloatVector o10 = FloatVector.fromArray(SPECIES, o, to + stride);
        FloatVector o11 = FloatVector.fromArray(SPECIES, o, to + stride + WIDTH);
        FloatVector o20 = FloatVector.fromArray(SPECIES, o, to + 2 * stride);
        FloatVector o21 = FloatVector.fromArray(SPECIES, o, to + 2 * stride + WIDTH);
        FloatVector o30 = FloatVector.fromArray(SPECIES, o, to + 3 * stride);
        FloatVector o31 = FloatVector.fromArray(SPECIES, o, to + 3 * stride + WIDTH);
        int from = values.at + c;
        int step = values.stride;
        for (int j = 0; j < keys; j++) {
            FloatVector v0 = FloatVector.fromArray(SPECIES, v, from + j * step);
            FloatVector v1 = FloatVector.fromArray(SPECIES, v, from + j * step + WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, p[p0 + j]);
            o00 = x.fma(v0, o00);
            o01 = x.fma(v1, o01);
            x = FloatVector.broadcast(SPECIES, p[p1 + j]);
            o10 = x.fma(v0, o10);
            o11 = x.fma(v1, o11);
            x = FloatVector.broadcast(SPECIES, p[p2 + j]);
            o20 = x.fma(v0, o20);
            o21 = x.fma(v1, o21);
            x = FloatVector.broadcast(SPECIES, p[p3 + j]);
            o30 = x.fma(v0, o30);
            o31 = x.fma(v1, o31);
        }
        o00.intoArray(o, to);
        o01.intoArray(o, to + WIDTH);
        o10.intoArray(o, to + stride);
        o11.intoArray(o, to + stride + WIDTH);
        o20.intoArray(o, to + 2 * stride);
        o21.intoArray(o, to + 2 * stride + WIDTH);
        o30.intoArray(o, to + 3 * stride);
        o31.intoArray(o, to + 3 * stride + WIDTH);
    }

    @Override
    public void outerProducts(Panel d, Panel p, Panel q, int keys, int tiles) {
        for (int t = 0; t < tiles; t++) {
            outerProductsOfTile(d.data, d.at + t * TILE, d.stride, p, q, t * TILE, keys);
        }
    }

    private static void outerProductsOfTile(
            float[] d, int to, int step, Panel weights, Panel queries, int c, int keys) {
        float[] p = weights.data;
        float[] q = queries.data;
        int p0 = weights.at;
        int p1 = p0 + weights.stride;
        int p2 = p1 + weights.stride;
        int p3 = p2 + weights.stride;
        int at = queries.at + c;
        int stride = queries.stride;
        FloatVector q00 = FloatVector.fromArray(SPECIES, q, at);
        FloatVector q01 = FloatVector.fromArray(SPECIES, q, at + WIDTH);
        FloatVector q10 = FloatVector.fromArray(SPECIES, q, at + stride);
        FloatVector q11 = FloatVector.fromArray(SPECIES, q, at + stride + WIDTH);
        FloatVector q20 = FloatVector.fromArray(SPECIES, q, at + 2 * stride);
        FloatVector q21 = FloatVector.fromArray(SPECIES, q, at + 2 * stride + WIDTH);
        FloatVector q30 = FloatVector.fromArray(SPECIES, q, at + 3 * stride);
        FloatVector q31 = FloatVector.fromArray(SPECIES, q, at + 3 * stride + WIDTH);
        for (int j = 0; j < keys; j++) {
            FloatVector d0 = FloatVector.fromArray(SPECIES, d, to + j * step);
            FloatVector d1 = FloatVector.fromArray(SPECIES, d, to + j * step + WIDTH);
            FloatVector x = FloatVector.broadcast(SPECIES, p[p0 + j]);
            d0 = x.fma(q00, d0);
            d1 = x.fma(q01, d1);
            x = FloatVector.broadcast(SPECIES, p[p1 + j]);
            d0 = x.fma(q10, d0);
            d1 = x.fma(q11, d1);
            x = FloatVector.broadcast(SPECIES, p[p2 + j]);
            d0 = x.fma(q20, d0);
            d1 = x.fma(q21, d1);
            x = FloatVector.broadcast(SPECIES, p[p3 + j]);
            d0 = x.fma(q30, d0);
            d1 = x.fma(q31, d1);
            d0.intoArray(d, to + j * step);
            d1.intoArray(d, to + j * step + WIDTH);
        }
    }

    @Override
    public float exp2OfScores(Panel s, int from, int to, float[] peak, int row) {
        float[] data = s.data;
        int first = s.at + from / WIDTH * WIDTH;
        int end = s.at + (to + WIDTH - 1) / WIDTH * WIDTH;
        Arrays.fill(data, first, s.at + from, Float.NEGATIVE_INFINITY);
        Arrays.fill(data, s.at + to, end, Float.NEGATIVE_INFINITY);
        FloatVector most = FloatVector.fromArray(SPECIES, data, first);
        for (int i = first + WIDTH; i < end; i += WIDTH) {
            most = most.max(FloatVector.fromArray(SPECIES, data, i));
        }
        float max = most.reduceLanes(VectorOperators.MAX);
        peak[row] = max;
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = first; i < end; i += WIDTH) {
            FloatVector value = VectorMath.exp2OfNegative(
                    FloatVector.fromArray(SPECIES, data, i).sub(max));
            sum = sum.add(value);
            value.intoArray(data, i);
        }
        return VectorMath.sum(sum);
    }

    @Override
    public void softmaxBackward(Panel s, Panel d, int from, int to, float log2SumExp, float mean) {
        int first = from / WIDTH * WIDTH;
        int end = (to + WIDTH - 1) / WIDTH * WIDTH;
        float[] scores = s.data;
        float[] gradients = d.data;
        for (int i = first; i < end; i += WIDTH) {
            FloatVector p = VectorMath.exp2OfNegative(
                    FloatVector.fromArray(SPECIES, scores, s.at + i).sub(log2SumExp));
            p.intoArray(scores, s.at + i);
            FloatVector.fromArray(SPECIES, gradients, d.at + i).sub(mean).mul(p).intoArray(gradients, d.at + i);
        }
    }
}

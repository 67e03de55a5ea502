package org.dnallama.compute.vector;

/**
 * Small matrix products that attention is made of, four rows of queries at a time. Columns come in tiles of
 * {@link #width()}; panels are padded with zeros up to a whole tile. Scores are in units of log 2, because powers of
 * two are cheaper than powers of e.
 */
interface TileKernels {

    /** Rows of queries in every call. */
    int ROWS = 4;

    /** Columns of a tile. */
    int width();

    /**
     * s[r,j] = sum over d of q[r,d] * k[j,d], for {@code tiles} tiles of keys j.
     *
     * @param k keys by tile: number (d, j) of a tile is {@code d * width + j}, tiles follow each other
     */
    void scores(Panel s, Panel q, Panel k, int depth, int tiles);

    /** o[r,c] += sum over j of p[r,j] * v[j,c], for {@code keys} keys j and {@code tiles} tiles of columns c. */
    void weightedRows(Panel o, Panel p, Panel v, int keys, int tiles);

    /** d[j,c] += sum over r of p[r,j] * q[r,c], for {@code keys} keys j and {@code tiles} tiles of columns c. */
    void outerProducts(Panel d, Panel p, Panel q, int keys, int tiles);

    /**
     * Softmax's numerators of a row of scores: s[i] = 2^(s[i] - max) for i in [from, to). The other numbers of the
     * vectors in which that range begins and ends are lost.
     *
     * @param peak receives the largest score at index {@code row}
     * @return sum of the numerators
     */
    float exp2OfScores(Panel s, int from, int to, float[] peak, int row);

    /**
     * Softmax's backward on a row of scores, for i in [from, to): s becomes the probability p = 2^(s - log2SumExp), and
     * d becomes p * (d - mean). The other numbers of the vectors in which that range begins and ends are lost.
     */
    void softmaxBackward(Panel s, Panel d, int from, int to, float log2SumExp, float mean);
}

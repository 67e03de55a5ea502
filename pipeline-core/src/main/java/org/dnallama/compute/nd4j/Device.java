package org.dnallama.compute.nd4j;

/**
 * How much a kernel takes at once (what stays in a core's cache, or what fills a GPU), and who does the arithmetic that
 * ND4J is slow in on the CPU.
 *
 * @param rowNumbers numbers of the widest matrix that a row kernel keeps on its way
 * @param scoreNumbers attention scores
 * @param vectorNumbers numbers of a vector
 * @param products of the model's layers
 * @param exponentials of scores
 */
record Device(long rowNumbers, long scoreNumbers, long vectorNumbers, Products products, Exponentials exponentials) {

    /** One core: a few arrays of 1 MiB lie in its second-level cache. */
    static final Device CPU = new Device(1 << 18, 1 << 19, 1 << 16, Products.ONE_DNN, Exponentials.ONE_DNN);

    /** A GPU: each operation starts one kernel, so it should be long; 256 MiB for each array. */
    static final Device GPU = new Device(1 << 26, 1 << 26, 1 << 26, Products.ND4J, Exponentials.ND4J);

    /** Rows of a matrix that a kernel takes at once. */
    int rows(int columns) {
        return (int) Math.max(1, rowNumbers / columns);
    }
}

package org.dnallama.compute.nd4j;

/** What the kernels share. */
interface ArrayKernels {

    /** The calling thread's scratch memory. */
    Scratch scratch();

    /** How much to take at once. */
    Device device();
}

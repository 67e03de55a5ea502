/** The kernels on ND4J arrays: whole-array operations only, so that the same code runs on the CPU and on CUDA. */
@NullMarked
package org.dnallama.compute.nd4j;

import org.jspecify.annotations.NullMarked;

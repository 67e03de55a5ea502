/** The CPU backend: Vector API kernels on off-heap memory and OpenBLAS matrix products. */
@NullMarked
package org.dnallama.compute.vector;

import org.jspecify.annotations.NullMarked;

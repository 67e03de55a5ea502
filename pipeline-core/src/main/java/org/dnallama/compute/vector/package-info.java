/** The CPU backend: Vector API kernels on off-heap memory and oneDNN matrix products. */
@NullMarked
package org.dnallama.compute.vector;

import org.jspecify.annotations.NullMarked;

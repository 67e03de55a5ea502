/** Matrix products in native memory, for the backends that compute on the CPU. */
@NullMarked
package org.dnallama.compute.blas;

import org.jspecify.annotations.NullMarked;

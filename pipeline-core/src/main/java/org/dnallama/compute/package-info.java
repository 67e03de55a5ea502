/** The backend seam: device buffers and the kernels that the model and the optimizers need. */
@NullMarked
package org.dnallama.compute;

import org.jspecify.annotations.NullMarked;

/** Optimizers that pull gradients: AdamW and KT4; schedules and clipping. */
@NullMarked
package org.dnallama.optim;

import org.jspecify.annotations.NullMarked;

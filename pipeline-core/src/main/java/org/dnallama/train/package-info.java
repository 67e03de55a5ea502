/** The training loop, its state and its logs. */
@NullMarked
package org.dnallama.train;

import org.jspecify.annotations.NullMarked;

/** The all-reduce seam between ranks. */
@NullMarked
package org.dnallama.collective;

import org.jspecify.annotations.NullMarked;

/** Labelled sequences, as the GUE benchmark has them, to shards. */
@NullMarked
package org.dnallama.labelled;

import org.jspecify.annotations.NullMarked;

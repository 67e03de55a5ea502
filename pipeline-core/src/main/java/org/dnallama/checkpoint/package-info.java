/** Checkpoints in Hugging Face layout and the trainer's state. */
@NullMarked
package org.dnallama.checkpoint;

import org.jspecify.annotations.NullMarked;

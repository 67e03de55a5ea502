/** What a trained language model is asked: how to go on, how likely a text is, which of some answers fits best. */
@NullMarked
package org.dnallama.generate;

import org.jspecify.annotations.NullMarked;

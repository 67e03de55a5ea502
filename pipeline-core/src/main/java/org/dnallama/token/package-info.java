/** Tokenizers of DNA. */
@NullMarked
package org.dnallama.token;

import org.jspecify.annotations.NullMarked;

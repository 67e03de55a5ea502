/** Configuration, named randomness and the three kinds of failure that are not a bug of ours. */
@NullMarked
package org.dnallama.config;

import org.jspecify.annotations.NullMarked;

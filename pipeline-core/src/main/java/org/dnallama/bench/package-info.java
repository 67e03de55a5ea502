/** Measurements of speed and memory, and the LibTorch peer that they and the tests compare with. */
@NullMarked
package org.dnallama.bench;

import org.jspecify.annotations.NullMarked;

/** What training does to labelled sequences before a model sees them. */
@NullMarked
package org.dnallama.augment;

import org.jspecify.annotations.NullMarked;

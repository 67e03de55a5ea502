/** Overlaps between the parts of labelled data sets, and with a genome. */
@NullMarked
package org.dnallama.audit;

import org.jspecify.annotations.NullMarked;

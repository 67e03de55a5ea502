/** What training will need, told before it is tried: a rehearsal of one step on a backend that only counts. */
@NullMarked
package org.dnallama.plan;

import org.jspecify.annotations.NullMarked;

/** What training needs of the places where it runs, looked at before any of them is held. */
@NullMarked
package org.dnallama.training.preflight;

import org.jspecify.annotations.NullMarked;

/** The jobs that score sequences with a classifier and compare classifiers. */
@NullMarked
package org.dnallama.evaluation;

import org.jspecify.annotations.NullMarked;

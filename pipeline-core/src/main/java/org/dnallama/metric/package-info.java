/** Metrics of binary classifiers and the report. */
@NullMarked
package org.dnallama.metric;

import org.jspecify.annotations.NullMarked;

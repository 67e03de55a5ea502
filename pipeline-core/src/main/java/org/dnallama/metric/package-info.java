/**
 * Metrics of binary classifiers and the report.
 *
 * <p>One policy for all metrics: a metric is a ratio, and it is undefined (empty, {@code null} in JSON) exactly when
 * its denominator is zero; the areas under curves need both classes. Undefined is never reported as zero.
 */
@NullMarked
package org.dnallama.metric;

import org.jspecify.annotations.NullMarked;

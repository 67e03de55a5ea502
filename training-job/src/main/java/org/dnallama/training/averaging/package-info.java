/**
 * Parameter averaging by DL4J Spark: workers take steps of their own and their parameters are averaged from time to
 * time, without a barrier stage, so that executors may come and go.
 */
@NullMarked
package org.dnallama.training.averaging;

import org.jspecify.annotations.NullMarked;

/** How training on executors is watched: on the driver's terminal, and by Spark's metrics sinks. */
@NullMarked
package org.dnallama.spark.monitor;

import org.jspecify.annotations.NullMarked;

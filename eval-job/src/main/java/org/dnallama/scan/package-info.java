/** The job that scans genomes: a classifier over every window of both strands, to tracks for genome browsers. */
@NullMarked
package org.dnallama.scan;

import org.jspecify.annotations.NullMarked;

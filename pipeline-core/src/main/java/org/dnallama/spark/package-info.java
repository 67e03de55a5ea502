/** The thin Spark shell: sessions, exit codes, artefacts on a Hadoop file system. */
@NullMarked
package org.dnallama.spark;

import org.jspecify.annotations.NullMarked;

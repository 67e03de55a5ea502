/** Small synthetic data for the demo: a genome and a promoter data set, both functions of a seed. */
@NullMarked
package org.dnallama.demo;

import org.jspecify.annotations.NullMarked;

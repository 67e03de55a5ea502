/** FASTA over htsjdk, intervals, IUPAC codes and soft-mask, windows. */
@NullMarked
package org.dnallama.dna;

import org.jspecify.annotations.NullMarked;

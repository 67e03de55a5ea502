package org.dnallama.shard;

import java.io.Serializable;
import org.dnallama.dna.Ambiguity;
import org.dnallama.dna.StrandRule;
import org.dnallama.dna.UnknownBytes;

/**
 * How sequence becomes rows, apart from what tokens are.
 *
 * @param windows how contigs are cut
 * @param unknown what to do with bytes that are no nucleotide code
 * @param ambiguity what to do with ambiguity codes
 * @param strands which strands of a window become rows
 * @param splits which split a row falls into
 */
public record ChunkRule(
        Windows windows, UnknownBytes unknown, Ambiguity ambiguity, StrandRule strands, SplitRule splits)
        implements Serializable {}

package org.dnallama.shard;

import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;

/**
 * One piece of a window, tokenized in one direction.
 *
 * @param interval where its bases lie, all of them in some token
 * @param strand in which direction they were read
 * @param tokens token ids without begin, end or padding
 * @param softMask fraction of each token's bases that is lower case, as many as tokens
 * @param split the split it belongs to
 * @param order a random key: its shard is this modulo the number of shards, and rows of a shard are sorted by it
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays: a genome has billions of tokens.
public record ShardRow(Interval interval, Strand strand, int[] tokens, float[] softMask, Split split, long order) {

    /** Checks the lengths. */
    public ShardRow {
        if (tokens.length == 0 || tokens.length != softMask.length) {
            throw new IllegalArgumentException(
                    interval + ": " + tokens.length + " tokens and " + softMask.length + " fractions");
        }
    }

    /**
     * Length of the interval.
     *
     * @return number of bases
     */
    public int bases() {
        return Math.toIntExact(interval.lengthBases());
    }

    /**
     * The shard that holds it.
     *
     * @param shards shards of a split, at least 1
     * @return in [0, shards)
     */
    public int shard(int shards) {
        return Math.floorMod(order, shards);
    }
}

package org.dnallama.shard;

import java.util.List;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;

/**
 * Documents one after the other in a row of a fixed number of tokens. Document i is {@code tokens[boundaries[i],
 * boundaries[i + 1])}, its begin and end tokens included; padding follows the last one.
 *
 * @param tokens token ids
 * @param softMask fraction of each token's bases that is lower case; 0 of begin, end and padding
 * @param boundaries where documents start, and where the last one ends
 * @param documents where each comes from
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays: a genome has billions of tokens.
public record PackedRow(int[] tokens, float[] softMask, List<Integer> boundaries, List<Document> documents) {

    /**
     * A piece of a window, or a part of one that was cut at the end of a row.
     *
     * @param interval where its bases lie
     * @param strand in which direction they were read
     */
    public record Document(Interval interval, Strand strand) {}

    /**
     * The bases of all documents.
     *
     * @return their number
     */
    public int bases() {
        return Math.toIntExact(documents.stream()
                .mapToLong(document -> document.interval.lengthBases())
                .sum());
    }

    /**
     * The tokens of all documents, without begin, end and padding.
     *
     * @return their number
     */
    public int ownTokens() {
        return boundaries.get(documents.size()) - 2 * documents.size();
    }
}

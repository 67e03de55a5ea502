package org.dnallama.model;

import java.util.List;
import org.dnallama.compute.KeyRanges;

/**
 * Token rows of one length, ready for the model.
 *
 * @param rows number of rows
 * @param sequenceLength tokens in a row, padding included
 * @param tokens ids, shape (rows * sequenceLength)
 * @param positions position of each token in its document, same shape
 * @param ranges the keys that each token sees
 * @param targets for a language model the next token of each token, or -1; for a classifier each row's class
 * @param lengths tokens in each row without padding, shape (rows)
 * @param kmers of each size that the model adds embeddings of, the k-mer at each token: rows of its table
 * @param replaced for a classifier whether each token's first base was replaced: 1, 0, or -1 where nobody asks; empty
 *     if nobody asks at all
 */
@SuppressWarnings("ArrayRecordComponent")
public record Batch(
        int rows,
        int sequenceLength,
        int[] tokens,
        int[] positions,
        KeyRanges ranges,
        int[] targets,
        int[] lengths,
        List<int[]> kmers,
        int[] replaced) {

    /** Copies the list of k-mers. */
    public Batch {
        kmers = List.copyOf(kmers);
    }

    /**
     * A batch for a plain model.
     *
     * @param rows number of rows
     * @param sequenceLength tokens in a row, padding included
     * @param tokens ids, shape (rows * sequenceLength)
     * @param positions position of each token in its document, same shape
     * @param ranges the keys that each token sees
     * @param targets for a language model the next token of each token, or -1; for a classifier each row's class
     * @param lengths tokens in each row without padding, shape (rows)
     */
    public Batch(
            int rows,
            int sequenceLength,
            int[] tokens,
            int[] positions,
            KeyRanges ranges,
            int[] targets,
            int[] lengths) {
        this(rows, sequenceLength, tokens, positions, ranges, targets, lengths, List.of(), new int[0]);
    }

    /**
     * Targets that count.
     *
     * @return entries of targets that are not -1
     */
    public long targetCount() {
        long count = 0;
        for (int target : targets) {
            count += target >= 0 ? 1 : 0;
        }
        return count;
    }

    /**
     * Tokens that are not padding.
     *
     * @return sum of the lengths
     */
    public long tokenCount() {
        long count = 0;
        for (int length : lengths) {
            count += length;
        }
        return count;
    }
}

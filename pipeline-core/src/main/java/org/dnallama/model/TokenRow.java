package org.dnallama.model;

import java.util.Arrays;
import java.util.List;

/**
 * A row of tokens as a model reads it.
 *
 * @param tokens ids, at least one
 * @param kmers of each size that the model adds embeddings of, the k-mer at each token: rows of its table
 */
@SuppressWarnings("ArrayRecordComponent")
public record TokenRow(int[] tokens, List<int[]> kmers) {

    /**
     * Checks the lengths.
     *
     * @throws IllegalArgumentException if there is no token, or another number of k-mers
     */
    public TokenRow {
        kmers = List.copyOf(kmers);
        if (tokens.length == 0) {
            throw new IllegalArgumentException("a row has no token");
        }
        for (int[] ids : kmers) {
            if (ids.length != tokens.length) {
                throw new IllegalArgumentException(ids.length + " k-mers at " + tokens.length + " tokens");
            }
        }
    }

    /**
     * A row for a model without k-mers.
     *
     * @param tokens ids
     * @return the row
     */
    public static TokenRow plain(int[] tokens) {
        return new TokenRow(tokens, List.of());
    }

    /**
     * A row of whose bases nothing is known.
     *
     * @param tokens ids
     * @param extensions the model's
     * @return the row, each k-mer an unknown one
     */
    public static TokenRow unknown(int[] tokens, Extensions extensions) {
        return new TokenRow(
                tokens,
                extensions.kmers().stream()
                        .map(k -> {
                            int[] ids = new int[tokens.length];
                            Arrays.fill(ids, Extensions.rows(k) - 1);
                            return ids;
                        })
                        .toList());
    }
}

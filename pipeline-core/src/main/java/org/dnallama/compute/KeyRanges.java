package org.dnallama.compute;

import java.util.Arrays;

/**
 * Which keys each query sees in attention: query i, in a sequence of its batch, sees the keys {@code [first[i],
 * end[i])} of the same sequence. Causal attention inside packed documents is {@code first = document start, end = i +
 * 1}; attention in both directions is {@code end = document end}. Both arrays must not decrease along a sequence.
 *
 * @param first first key seen, shape (batch * sequenceLength), position within the sequence
 * @param end one past the last key seen, same shape; greater than {@code first}
 */
@SuppressWarnings("ArrayRecordComponent")
public record KeyRanges(int[] first, int[] end) {

    /** Rejects arrays of unequal length. */
    public KeyRanges {
        if (first.length != end.length) {
            throw new IllegalArgumentException("first has %d entries, end %d".formatted(first.length, end.length));
        }
    }

    /**
     * Those of some queries.
     *
     * @param queries numbers within the whole batch
     * @return their ranges, in that order
     */
    public KeyRanges of(int[] queries) {
        return new KeyRanges(
                Arrays.stream(queries).map(query -> first[query]).toArray(),
                Arrays.stream(queries).map(query -> end[query]).toArray());
    }
}

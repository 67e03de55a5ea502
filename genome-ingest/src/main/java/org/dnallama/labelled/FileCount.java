package org.dnallama.labelled;

import java.io.Serializable;
import java.util.TreeMap;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.token.Tokenizer;

/**
 * What a file or several hold.
 *
 * @param rows number of rows
 * @param bases their bases
 * @param remainder those of the bases that fill no token
 * @param tokens their tokens
 * @param labels rows of each class
 */
record FileCount(long rows, long bases, long remainder, long tokens, TreeMap<Integer, Long> labels)
        implements Serializable {

    /** Nothing. */
    static FileCount zero() {
        return new FileCount(0, 0, 0, 0, new TreeMap<>());
    }

    /**
     * Counts one row.
     *
     * @param task its data set
     * @param row the row
     * @param tokenizer what tokens are
     * @return its count
     * @throws InputException if the row is too short to hold a token
     */
    static FileCount of(String task, LabelledSequence row, Tokenizer tokenizer) {
        int bases = row.sequence().length();
        int encoded = tokenizer.encodedBases(bases);
        if (encoded == 0) {
            throw new InputException(task + "/" + row.id() + ": " + bases
                    + " bases fill no token; drop the row, or choose shorter tokens in importGue.tokenizer");
        }
        TreeMap<Integer, Long> labels = new TreeMap<>();
        labels.put(row.label(), 1L);
        return new FileCount(1, bases, bases - encoded, ImportTask.encode(tokenizer, row).length, labels);
    }

    /**
     * Adds.
     *
     * @param other counts of other rows
     * @return the sum
     */
    FileCount plus(FileCount other) {
        TreeMap<Integer, Long> sum = new TreeMap<>(labels);
        other.labels.forEach((label, count) -> sum.merge(label, count, Long::sum));
        return new FileCount(
                rows + other.rows, bases + other.bases, remainder + other.remainder, tokens + other.tokens, sum);
    }
}

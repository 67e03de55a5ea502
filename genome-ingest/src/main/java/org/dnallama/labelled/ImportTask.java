package org.dnallama.labelled;

import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.shard.LabelRule;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.token.Tokenizer;

/**
 * What Spark tasks do with one file, and what they need for it.
 *
 * @param labels what a label says
 * @param tokenizer what tokens are
 * @param seed of the run
 * @param hadoop file system settings
 */
record ImportTask(LabelRule labels, Tokenizer tokenizer, long seed, SerializableConfiguration hadoop)
        implements Serializable {

    /**
     * Counts, or what is wrong with a file. An exception would cross the network as text only and be tried again.
     *
     * @param count what the file holds; nothing if it is bad
     * @param error message for the user; empty if the file is good
     */
    record CheckedFile(FileCount count, String error) implements Serializable {}

    /**
     * A row on its way to its place.
     *
     * @param file that it stands in
     * @param number of the row in the file, from 0
     * @param sequence the row
     * @param tokens its token ids
     * @param bases that are in some token
     * @param order a random key: the shard is this modulo the number of shards, and rows of a shard are sorted by it
     */
    @SuppressWarnings("ArrayRecordComponent") // Plain array, as in all shards.
    record Numbered(LabelledFile file, int number, LabelledSequence sequence, int[] tokens, int bases, long order)
            implements Serializable {}

    /**
     * Reads a file to its end.
     *
     * @param file any
     * @return its counts or its first error
     */
    CheckedFile check(LabelledFile file) {
        try {
            FileCount count = FileCount.zero();
            for (LabelledSequence row : file.read(labels, hadoop.value())) {
                count = count.plus(FileCount.of(file.task(), row, tokenizer));
            }
            return new CheckedFile(count, "");
        } catch (InputException e) {
            return new CheckedFile(FileCount.zero(), String.valueOf(e.getMessage()));
        }
    }

    /**
     * The rows of a file that was checked.
     *
     * @param file any
     * @return its rows
     */
    Stream<Numbered> rows(LabelledFile file) {
        List<LabelledSequence> rows = file.read(labels, hadoop.value());
        Seeds seeds = new Seeds(seed);
        String purpose = "labelled " + file.task() + "/" + file.split().label();
        return IntStream.range(0, rows.size()).mapToObj(i -> {
            LabelledSequence row = rows.get(i);
            return new Numbered(
                    file,
                    i,
                    row,
                    encode(tokenizer, row),
                    tokenizer.encodedBases(row.sequence().length()),
                    seeds.key(purpose, i));
        });
    }

    /** U is read as T, as it is from FASTA. */
    static String dna(LabelledSequence row) {
        return row.sequence().replace('U', 'T');
    }

    static int[] encode(Tokenizer tokenizer, LabelledSequence row) {
        return tokenizer.encode(dna(row));
    }
}

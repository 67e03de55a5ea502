package org.dnallama.augment;

import java.util.List;
import org.dnallama.config.Seeds;
import org.dnallama.shard.LabelledSequence;

/**
 * Labelled sequences, each altered anew at each sight.
 *
 * @param sequences the rows, at least one
 * @param augmentation what is done to each
 * @param seeds the run's
 */
public record AugmentedRows(List<LabelledSequence> sequences, Augmentation augmentation, Seeds seeds) {

    /** Copies the list. */
    public AugmentedRows {
        sequences = List.copyOf(sequences);
    }

    /**
     * Sequences as they are.
     *
     * @param sequences the rows, at least one
     * @return the rows
     */
    public static AugmentedRows plain(List<LabelledSequence> sequences) {
        return new AugmentedRows(sequences, Augmentation.NONE, new Seeds(0));
    }

    /**
     * A row as it is seen at a place.
     *
     * @param position place in the order in which the whole run sees rows
     * @param row its number
     * @return the altered row
     */
    public Sample at(long position, int row) {
        LabelledSequence sequence = sequences.get(row);
        return augmentation.apply(Sample.of(sequence.sequence(), sequence.label()), seeds.stream("augment", position));
    }
}

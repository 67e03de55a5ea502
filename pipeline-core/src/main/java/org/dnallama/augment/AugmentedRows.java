package org.dnallama.augment;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
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
     * The rows of a batch as they are seen at a place.
     *
     * @param position place of the first in the order in which the whole run sees rows
     * @param wanted their numbers
     * @return the altered rows
     */
    public List<Sample> batch(long position, int[] wanted) {
        List<LabelledSequence> batch =
                Arrays.stream(wanted).mapToObj(sequences::get).toList();
        List<Sample> samples = new ArrayList<>();
        for (LabelledSequence row : batch) {
            RandomGenerator random = seeds.stream("augment", position + samples.size());
            samples.add(augmentation.apply(Sample.of(row.sequence(), row.label()), batch, random));
        }
        return samples;
    }
}

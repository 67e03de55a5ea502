package org.dnallama.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.shard.LabelledSequence;

/** Alters a sample. */
@FunctionalInterface
public interface Augmentation {

    /** Leaves samples as they are. */
    Augmentation NONE = (sample, batch, random) -> sample;

    /**
     * Alters a sample.
     *
     * @param sample the sample
     * @param batch the rows that stand in a batch with it, unaltered, its own among them
     * @param random decides
     * @return the altered sample, or the same one
     */
    Sample apply(Sample sample, List<LabelledSequence> batch, RandomGenerator random);

    /**
     * This one, then another.
     *
     * @param next the other
     * @return both
     */
    default Augmentation then(Augmentation next) {
        return (sample, batch, random) -> next.apply(apply(sample, batch, random), batch, random);
    }
}

package org.dnallama.augment;

import java.util.random.RandomGenerator;

/** Alters a sample. */
@FunctionalInterface
public interface Augmentation {

    /** Leaves samples as they are. */
    Augmentation NONE = (sample, random) -> sample;

    /**
     * Alters a sample.
     *
     * @param sample the sample
     * @param random decides
     * @return the altered sample, or the same one
     */
    Sample apply(Sample sample, RandomGenerator random);

    /**
     * This one, then another.
     *
     * @param next the other
     * @return both
     */
    default Augmentation then(Augmentation next) {
        return (sample, random) -> next.apply(apply(sample, random), random);
    }
}

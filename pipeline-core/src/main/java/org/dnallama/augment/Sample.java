package org.dnallama.augment;

import java.util.BitSet;
import java.util.Optional;

/**
 * A labelled sequence on its way into a batch.
 *
 * @param bases upper-case IUPAC codes
 * @param label 0 or 1
 * @param replaced positions whose bases were replaced by random ones; empty if nobody knows. Not to be changed
 */
public record Sample(String bases, int label, Optional<BitSet> replaced) {

    /**
     * A sequence as it was read: a positive has all its own bases, of a negative nothing is known.
     *
     * @param bases upper-case IUPAC codes
     * @param label 0 or 1
     * @return the sample
     */
    public static Sample of(String bases, int label) {
        return new Sample(bases, label, label == 1 ? Optional.of(new BitSet()) : Optional.empty());
    }
}

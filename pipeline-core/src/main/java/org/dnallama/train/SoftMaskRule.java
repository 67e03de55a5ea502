package org.dnallama.train;

import java.io.Serializable;
import java.util.BitSet;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * How much repeats count in pre-training: a soft-masked token is a target with this probability, drawn anew at each
 * sight, so that on the mean it weighs so much beside a token that is not. It is read all the same.
 *
 * @param weight in [0, 1]; 1 makes no difference between tokens
 * @param seeds the run's
 */
public record SoftMaskRule(double weight, Seeds seeds) implements Serializable {

    /** All tokens count the same. */
    public static final SoftMaskRule NONE = new SoftMaskRule(1, new Seeds(0));

    /**
     * Takes soft-masked tokens out of a row's targets.
     *
     * @param targets changed in place; -1 is no target
     * @param softMasked which tokens are soft-masked
     * @param first index of the target that is the first token
     * @param position place of the row in the order in which the whole run sees rows
     */
    void thin(int[] targets, BitSet softMasked, int first, long position) {
        if (weight == 1) {
            return;
        }
        RandomGenerator random = seeds.stream("soft-mask", position);
        softMasked.stream().filter(t -> random.nextDouble() >= weight).forEach(t -> targets[first + t] = -1);
    }
}

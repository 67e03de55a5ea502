package org.dnallama.augment;

import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.shard.LabelledSequence;

/**
 * Hides bases: they read as N.
 *
 * @param probability of each base
 */
public record HiddenBases(double probability) implements Augmentation {

    @Override
    public Sample apply(Sample sample, List<LabelledSequence> batch, RandomGenerator random) {
        char[] letters = sample.bases().toCharArray();
        for (int i = 0; i < letters.length; i++) {
            if (random.nextDouble() < probability) {
                letters[i] = 'N';
            }
        }
        return new Sample(new String(letters), sample.label(), sample.replaced());
    }
}

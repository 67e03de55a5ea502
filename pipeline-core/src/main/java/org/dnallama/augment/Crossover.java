package org.dnallama.augment;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.dnallama.shard.LabelledSequence;

/**
 * Joins the beginning of a sequence and the end of another one of its class, each at its own place.
 *
 * @param probability of each sample
 * @param byClass sequences of class 0 and of class 1
 */
public record Crossover(double probability, List<List<String>> byClass) implements Augmentation {

    /** Copies the lists. */
    public Crossover {
        byClass = byClass.stream().map(List::copyOf).toList();
    }

    @Override
    public Sample apply(Sample sample, List<LabelledSequence> batch, RandomGenerator random) {
        if (random.nextDouble() >= probability) {
            return sample;
        }
        List<String> others = byClass.get(sample.label());
        String other = others.get(random.nextInt(others.size()));
        int shorter = Math.min(other.length(), sample.bases().length());
        if (shorter < 2) {
            return sample;
        }
        int cut = 1 + random.nextInt(shorter - 1);
        String joined = sample.bases().substring(0, cut) + other.substring(cut);
        return sample.label() == 1 ? Sample.of(joined, 1) : new Sample(joined, 0, Optional.empty());
    }
}

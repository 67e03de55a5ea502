package org.dnallama.augment;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives some negatives way to others: to positives with replaced blocks, or to windows of a genome.
 *
 * @param replacedProbability of a positive with replaced blocks
 * @param blocks how these are made
 * @param positives what they are made from; not empty if there are any to be made
 * @param genomeProbability of a window
 * @param windows bases of the windows, not empty if there are any to be drawn, each at least as long as a sequence
 */
public record FreshNegatives(
        double replacedProbability,
        ReplacedBlocks blocks,
        List<String> positives,
        double genomeProbability,
        List<String> windows)
        implements Augmentation {

    /** Copies the lists. */
    public FreshNegatives {
        positives = List.copyOf(positives);
        windows = List.copyOf(windows);
    }

    @Override
    public Sample apply(Sample sample, RandomGenerator random) {
        if (sample.label() != 0) {
            return sample;
        }
        double drawn = random.nextDouble();
        if (drawn < replacedProbability) {
            return blocks.negative(positives.get(random.nextInt(positives.size())), random);
        }
        if (drawn < replacedProbability + genomeProbability) {
            String window = windows.get(random.nextInt(windows.size()));
            return Sample.of(
                    window.substring(0, Math.min(window.length(), sample.bases().length())), 0);
        }
        return sample;
    }
}

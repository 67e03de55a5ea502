package org.dnallama.augment;

import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.dnallama.shard.LabelledSequence;

/**
 * Gives some negatives way to others: to positives with replaced blocks, or to windows of a genome.
 *
 * @param replacedProbability of a positive with replaced blocks
 * @param blocks how these are made
 * @param positives what they are made from; not empty if there are any to be made
 * @param source which of them
 * @param genomeProbability of a window
 * @param windows bases of the windows, not empty if there are any to be drawn, each at least as long as a sequence
 * @param genomic how a sequence begins that comes from a genome: such a negative gives way to windows alone, all others
 *     to positives with replaced blocks alone; without it every negative gives way to both
 */
public record FreshNegatives(
        double replacedProbability,
        ReplacedBlocks blocks,
        List<String> positives,
        Source source,
        double genomeProbability,
        List<String> windows,
        Optional<Pattern> genomic)
        implements Augmentation {

    /** Which positives negatives are made from. */
    public enum Source {
        /** All of them. */
        TRAIN,
        /** Those of the batch, if it has any: a step then sees both and learns what sets them apart. */
        BATCH
    }

    /** Copies the lists. */
    public FreshNegatives {
        positives = List.copyOf(positives);
        windows = List.copyOf(windows);
    }

    @Override
    public Sample apply(Sample sample, List<LabelledSequence> batch, RandomGenerator random) {
        if (sample.label() != 0) {
            return sample;
        }
        boolean fromGenome =
                genomic.map(start -> start.matcher(sample.bases()).lookingAt()).orElse(false);
        double toReplaced = fromGenome ? 0 : replacedProbability;
        double toWindow = genomic.isEmpty() || fromGenome ? genomeProbability : 0;
        double drawn = random.nextDouble();
        if (drawn < toReplaced) {
            return blocks.negative(positive(batch, random), random);
        }
        if (drawn < toReplaced + toWindow) {
            String window = windows.get(random.nextInt(windows.size()));
            return Sample.of(
                    window.substring(0, Math.min(window.length(), sample.bases().length())), 0);
        }
        return sample;
    }

    private String positive(List<LabelledSequence> batch, RandomGenerator random) {
        List<LabelledSequence> beside = source == Source.TRAIN
                ? List.of()
                : batch.stream().filter(row -> row.label() == 1).toList();
        return beside.isEmpty()
                ? positives.get(random.nextInt(positives.size()))
                : beside.get(random.nextInt(beside.size())).sequence();
    }
}

package org.dnallama.augment;

import java.io.Serializable;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.dnallama.config.InputException;
import org.dnallama.config.Settings;
import org.dnallama.shard.LabelledSequence;

/**
 * What is done to training sequences.
 *
 * @param replaced probability that a negative gives way to a positive with replaced blocks
 * @param blocks how these are made
 * @param source which positives they are made from
 * @param genome probability that a negative gives way to a window of a genome
 * @param shards where these windows come from; empty for nowhere
 * @param genomic a regular expression: how negatives begin that come from a genome, and windows that may stand for
 *     them; empty for all of either
 * @param crossover probability that a sequence is joined with another of its class
 * @param hiddenBases part of the bases that is hidden
 */
public record AugmentationSettings(
        double replaced,
        ReplacedBlocks blocks,
        FreshNegatives.Source source,
        double genome,
        String shards,
        String genomic,
        double crossover,
        double hiddenBases)
        implements Serializable {

    /**
     * Reads {@code prefix.negatives.*}, {@code prefix.crossover} and {@code prefix.hiddenBases}; errors are noted in
     * the settings.
     *
     * @param settings the configuration
     * @param prefix such as {@code finetune}
     * @return the settings, to be used only after {@link Settings#check()}
     */
    public static AugmentationSettings read(Settings settings, String prefix) {
        String negatives = prefix + ".negatives";
        double replaced = settings.real(negatives + ".replaced", 0, 1);
        double genome = settings.real(negatives + ".genome", 0, 1);
        String shards = settings.optionalText(negatives + ".shards").orElse("");
        String genomic = settings.optionalText(negatives + ".genomic").orElse("");
        settings.require(
                !genomic.isEmpty() || replaced + genome <= 1,
                "%s.replaced = %s and %s.genome = %s: together they must be at most 1"
                        .formatted(negatives, replaced, negatives, genome));
        settings.require(
                genome == 0 || !shards.isEmpty(),
                "%s.genome = %s: windows come from shards; set %s.shards".formatted(negatives, genome, negatives));
        return new AugmentationSettings(
                replaced,
                blocks(settings, negatives),
                settings.choice(negatives + ".from", FreshNegatives.Source.class),
                genome,
                shards,
                pattern(settings, negatives + ".genomic", genomic),
                settings.real(prefix + ".crossover", 0, 1),
                settings.real(prefix + ".hiddenBases", 0, 1));
    }

    private static String pattern(Settings settings, String key, String text) {
        try {
            Pattern.compile(text);
        } catch (PatternSyntaxException e) {
            settings.require(false, "%s = %s: not a regular expression (%s)".formatted(key, text, e.getDescription()));
        }
        return text;
    }

    private static ReplacedBlocks blocks(Settings settings, String prefix) {
        int first = settings.integer(prefix + ".firstBlock", 0);
        int bases = settings.integer(prefix + ".blockBases", 1);
        int blocks = settings.integer(prefix + ".blocks", 1);
        int replaced = settings.integer(prefix + ".replacedBlocks", 1);
        settings.require(
                first < bases, "%s.firstBlock = %d: must be less than blockBases = %d".formatted(prefix, first, bases));
        settings.require(
                replaced <= blocks,
                "%s.replacedBlocks = %d: must be at most blocks = %d".formatted(prefix, replaced, blocks));
        return new ReplacedBlocks(first, bases, blocks, replaced);
    }

    /**
     * The augmentation for a training set.
     *
     * @param training its sequences
     * @param windows bases of windows of a genome; empty unless {@link #genome} asks for them
     * @return the augmentation
     * @throws InputException if it needs sequences of a class that has none, or windows as long as a sequence
     */
    public Augmentation build(List<LabelledSequence> training, List<String> windows) {
        List<List<String>> byClass = List.of(ofClass(0, training), ofClass(1, training));
        Augmentation all = Augmentation.NONE;
        if (replaced > 0 || genome > 0) {
            requireRows(byClass.get(1), "a positive", "negatives.replaced");
            Optional<Pattern> start = genomic.isEmpty() ? Optional.empty() : Optional.of(Pattern.compile(genomic));
            List<String> alike = windows.stream()
                    .filter(window -> start.map(wanted -> wanted.matcher(window).lookingAt())
                            .orElse(true))
                    .toList();
            requireLength(training, alike);
            all = all.then(new FreshNegatives(replaced, blocks, byClass.get(1), source, genome, alike, start));
        }
        if (crossover > 0) {
            requireRows(byClass.get(0), "a negative", "crossover");
            requireRows(byClass.get(1), "a positive", "crossover");
            all = all.then(new Crossover(crossover, byClass));
        }
        return hiddenBases > 0 ? all.then(new HiddenBases(hiddenBases)) : all;
    }

    private void requireLength(List<LabelledSequence> training, List<String> windows) {
        if (genome == 0) {
            return;
        }
        int longest =
                training.stream().mapToInt(row -> row.sequence().length()).max().orElse(0);
        int shortest = windows.stream().mapToInt(String::length).min().orElse(0);
        if (shortest < longest) {
            throw new InputException(
                    "%s: has a window of %d bases (0 means none at all%s), but sequences have up to %d; ingest with %s"
                            .formatted(
                                    shards,
                                    shortest,
                                    genomic.isEmpty() ? "" : " that begins with negatives.genomic = " + genomic,
                                    longest,
                                    "window and minLength at least as large"));
        }
    }

    private static void requireRows(List<String> rows, String what, String key) {
        if (rows.isEmpty()) {
            throw new InputException(
                    "the training sequences have not " + what + ", which finetune." + key + " needs; set it to 0");
        }
    }

    private static List<String> ofClass(int label, List<LabelledSequence> training) {
        return training.stream()
                .filter(row -> row.label() == label)
                .map(LabelledSequence::sequence)
                .toList();
    }
}

package org.dnallama.evaluation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.dnallama.config.Settings;
import org.dnallama.optim.OptimizerSettings;
import org.dnallama.train.TrainingSettings;

/**
 * An optimizer that takes part in a study.
 *
 * @param name as the study lists it, without its grid
 * @param settings the configuration, with what the study changes for this one
 * @param section of the training settings, such as {@code pretrain.training}
 * @param learningRates its grid
 * @param training its settings, but for the learning rate
 */
record Contestant(
        String name, Settings settings, String section, List<Double> learningRates, TrainingSettings training) {

    private static final String LIST = "compare.study.optimizers";
    private static final String GRID = "learningRates=";

    /**
     * Reads an entry of the list: an optimizer's name, then pairs {@code key=value} of the section training, or
     * {@code learningRates=[...]}; errors are noted in the settings.
     *
     * @param entry such as {@code kt4 guard=0}
     */
    static Contestant read(String entry, Settings settings, String section) {
        List<String> words = Arrays.asList(entry.strip().split("\\s+"));
        List<String> overrides = new ArrayList<>(List.of(section + ".optimizer=" + words.get(0)));
        for (String word : words.subList(1, words.size())) {
            if (word.contains("=")) {
                overrides.add((word.startsWith(GRID) ? "compare.study." : section + ".") + word);
            } else {
                settings.error(LIST + " has \"" + entry + "\": after the name come pairs key=value");
            }
        }
        Settings own = settings.with(overrides, LIST);
        String name = String.join(
                " ", words.stream().filter(word -> !word.startsWith(GRID)).toList());
        return new Contestant(
                name,
                own,
                section,
                own.reals("compare.study.learningRates", 0, 1e3),
                TrainingSettings.read(own, section));
    }

    OptimizerSettings.Kind kind() {
        return training.optimizer().kind();
    }

    /** Gradients of its own batch in a step, as long as no guard saves one. */
    int gradientsPerStep() {
        return switch (kind()) {
            case KT4, KT4_CLASSIC -> stages();
            case ADAMW, NADAMW, KT4_SPLIT -> 1;
        };
    }

    /** Part of its own batch that one gradient evaluation sees, on the mean over a step. */
    double partOfBatch() {
        return kind() == OptimizerSettings.Kind.KT4_SPLIT ? 1.0 / stages() : 1;
    }

    private int stages() {
        return training.optimizer().tableau().stages();
    }

    /** Settings of one run. */
    TrainingSettings training(double learningRate, long steps, int measurements) {
        long every = Math.max(1, steps / measurements);
        List<String> overrides =
                List.of(section + ".learningRate=" + learningRate, section + ".evaluateEvery=" + every);
        return TrainingSettings.read(settings.with(overrides, "compare.study"), section);
    }
}

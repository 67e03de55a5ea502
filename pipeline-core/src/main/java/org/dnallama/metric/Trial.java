package org.dnallama.metric;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * One optimizer's runs of one length: a search for the learning rate with the first seed, then the best rate with all.
 *
 * @param name what to call it
 * @param optimizer such as {@code kt4}; gives the colour
 * @param steps of each run
 * @param batchesPerEvaluation part of the study's batch that one of its gradient evaluations sees
 * @param runs all that were run; those of the search come first
 */
public record Trial(String name, String optimizer, long steps, double batchesPerEvaluation, List<StudyRun> runs) {

    /** Copies the runs. */
    public Trial {
        runs = List.copyOf(runs);
    }

    /**
     * The runs that the learning rate is chosen by.
     *
     * @return those of the first seed, by learning rate
     */
    public List<StudyRun> search() {
        return runs.stream()
                .filter(run -> run.seed() == runs.get(0).seed())
                .sorted(Comparator.comparingDouble(StudyRun::learningRate))
                .toList();
    }

    /**
     * The learning rate with the lowest held-out loss.
     *
     * @return the rate; empty if training failed at every rate
     */
    public OptionalDouble learningRate() {
        return search().stream()
                .filter(run -> Double.isFinite(run.bestLoss()))
                .min(Comparator.comparingDouble(StudyRun::bestLoss))
                .map(run -> OptionalDouble.of(run.learningRate()))
                .orElse(OptionalDouble.empty());
    }

    /**
     * Whether the best rate is the first or last of the grid, so that a better one may lie beyond.
     *
     * @return true at an edge
     */
    public boolean isAtEdge() {
        List<StudyRun> search = search();
        double best = learningRate().orElse(Double.NaN);
        return best == search.get(0).learningRate()
                || best == search.get(search.size() - 1).learningRate();
    }

    /**
     * The runs with the best rate.
     *
     * @return one for each seed, by seed
     */
    public List<StudyRun> confirmed() {
        double best = learningRate().orElse(Double.NaN);
        return runs.stream()
                .filter(run -> run.learningRate() == best)
                .sorted(Comparator.comparingLong(StudyRun::seed))
                .toList();
    }

    /**
     * A number of the runs with the best rate, over seeds.
     *
     * @param number of a run; empty where it has none
     * @return its spread; empty if a run has none or there are no runs
     */
    public Optional<Spread> spread(Function<StudyRun, OptionalDouble> number) {
        List<OptionalDouble> values = confirmed().stream().map(number).toList();
        if (values.isEmpty()
                || values.stream().anyMatch(value -> value.isEmpty() || !Double.isFinite(value.getAsDouble()))) {
            return Optional.empty();
        }
        return Optional.of(
                Spread.of(values.stream().map(OptionalDouble::getAsDouble).toList()));
    }

    /**
     * Lowest held-out loss over seeds.
     *
     * @return nats; empty if a run failed
     */
    public Optional<Spread> loss() {
        return spread(run -> OptionalDouble.of(run.bestLoss()));
    }

    /**
     * Gradients computed so far, each of the study's whole batch.
     *
     * @param point of one of its runs
     * @return gradient evaluations, of whole batches
     */
    public double gradients(TrainingLog.Point point) {
        return point.gradientEvaluations() * batchesPerEvaluation;
    }

    /**
     * Differences in held-out loss to another trial, seed by seed.
     *
     * @param other with the same seeds
     * @return this minus the other; empty if a run of either failed
     */
    public Optional<PairedBootstrap> minus(Trial other) {
        List<StudyRun> mine = confirmed();
        List<StudyRun> theirs = other.confirmed();
        if (loss().isEmpty() || other.loss().isEmpty() || mine.size() != theirs.size()) {
            return Optional.empty();
        }
        List<Double> differences = new ArrayList<>();
        for (int i = 0; i < mine.size(); i++) {
            differences.add(mine.get(i).bestLoss() - theirs.get(i).bestLoss());
        }
        return Optional.of(PairedBootstrap.of(differences));
    }
}

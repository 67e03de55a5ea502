package org.dnallama.metric;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A finished comparison of optimizers.
 *
 * @param task what was trained, for the title
 * @param budget what all had
 * @param equalSteps trials with the same batch and number of steps
 * @param equalGradients trials that saw the same number of rows forward and backward
 * @param givenTarget loss to be reached, if the user set one
 */
public record Study(
        String task, Budget budget, List<Trial> equalSteps, List<Trial> equalGradients, OptionalDouble givenTarget) {

    /** The optimizers that others are held against. */
    private static final List<String> CONTROLS = List.of("adamw", "nadamw");

    /**
     * What all trials had.
     *
     * @param steps of the view at equal steps
     * @param gradients of a whole batch, of the view at equal gradient evaluations
     * @param batchSize rows in a batch
     * @param rates learning rates in each search
     * @param seeds seeds of each best rate
     * @param lanes threads of each run
     */
    public record Budget(long steps, long gradients, int batchSize, int rates, int seeds, int lanes) {}

    /** Copies the trials. */
    public Study {
        equalSteps = List.copyOf(equalSteps);
        equalGradients = List.copyOf(equalGradients);
    }

    /**
     * The loss that runs race to: what is given, else the loss at which the worst run of the first trial that never
     * failed ended, so that all runs of that trial arrive.
     *
     * @return nats; empty if there is no such trial
     */
    public OptionalDouble target() {
        if (givenTarget.isPresent()) {
            return givenTarget;
        }
        Optional<Spread> first = equalGradients.stream()
                .map(Trial::loss)
                .flatMap(Optional::stream)
                .findFirst();
        return first.map(loss -> OptionalDouble.of(loss.most())).orElse(OptionalDouble.empty());
    }

    /**
     * The trials that others are held against.
     *
     * @param trials of one view
     * @return AdamW and NAdamW as far as they take part, else the first trial
     */
    static List<Trial> controls(List<Trial> trials) {
        List<Trial> controls =
                trials.stream().filter(trial -> CONTROLS.contains(trial.name())).toList();
        return controls.isEmpty() ? trials.subList(0, Math.min(1, trials.size())) : controls;
    }
}

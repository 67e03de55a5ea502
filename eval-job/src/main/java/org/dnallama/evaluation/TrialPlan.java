package org.dnallama.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.dnallama.metric.StudyRun;
import org.dnallama.metric.Trial;

/**
 * The runs of one optimizer and length.
 *
 * @param wanted the study
 * @param contestant the optimizer
 * @param steps of each run
 */
record TrialPlan(StudySettings wanted, Contestant contestant, long steps) {

    /** The grid with the first seed. */
    List<StudyTask.Run> search() {
        return contestant.learningRates().stream()
                .map(rate -> run(rate, wanted.seeds().get(0)))
                .toList();
    }

    /** The best rate with the other seeds; nothing if training failed at every rate. */
    List<StudyTask.Run> confirmation(StudyRuns runs) {
        OptionalDouble best = trial(runs, List.of()).learningRate();
        List<StudyTask.Run> others = new ArrayList<>();
        for (long seed : wanted.seeds().subList(1, wanted.seeds().size())) {
            best.ifPresent(rate -> others.add(run(rate, seed)));
        }
        return others;
    }

    /** What came out of the search and of more runs. */
    Trial trial(StudyRuns runs, List<StudyTask.Run> more) {
        List<StudyTask.Run> all = new ArrayList<>(search());
        all.addAll(more);
        List<StudyRun> finished = new ArrayList<>();
        for (StudyTask.Run run : all) {
            finished.add(runs.read(run));
        }
        return new Trial(
                contestant.name(),
                contestant.kind().label(),
                steps,
                contestant.partOfBatch() * wanted.partOfBatch(contestant),
                finished);
    }

    private StudyTask.Run run(double rate, long seed) {
        String name = String.format(
                Locale.ROOT,
                "%s-%d-steps-rate-%s-seed-%d",
                contestant.name().replaceAll("[^A-Za-z0-9.-]+", "_"),
                steps,
                rate,
                seed);
        return new StudyTask.Run(name, contestant.training(rate, steps, wanted.measurements()), steps, seed);
    }
}

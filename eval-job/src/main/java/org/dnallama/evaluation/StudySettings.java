package org.dnallama.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;
import org.dnallama.metric.Study;
import org.dnallama.model.LoraSettings;
import org.dnallama.spark.FinetuneInputs;
import org.dnallama.spark.PretrainInputs;
import org.dnallama.spark.TrainingInputs;

/**
 * What a study is to do.
 *
 * @param task what is trained
 * @param inputs rows and weights
 * @param contestants the optimizers
 * @param seeds the first of which the grid is searched with
 * @param steps of the view at equal steps
 * @param batchSize rows in a batch
 * @param measurements of held-out rows in a run
 * @param target nats, if given
 * @param output folder of the report
 * @param runs folder of the single runs
 * @param atOnce runs side by side on an embedded Spark
 * @param lanes threads of a run
 * @param backend what to compute on
 * @param lora adapters, or none
 */
record StudySettings(
        Task task,
        Inputs inputs,
        List<Contestant> contestants,
        List<Long> seeds,
        int steps,
        int batchSize,
        int measurements,
        OptionalDouble target,
        String output,
        String runs,
        int atOnce,
        int lanes,
        Backends backend,
        LoraSettings lora) {

    /** What is trained. */
    enum Task {
        /** A language model. */
        PRETRAIN("pretrain"),
        /** A classifier. */
        FINETUNE("finetune");

        private final String section;

        Task(String section) {
            this.section = section;
        }

        String section() {
            return section;
        }
    }

    /**
     * Rows and weights, once file systems are known.
     *
     * @param keys what the user set of them, as text
     * @param opener looks at the folders
     */
    record Inputs(String keys, Opener opener) {

        private static Inputs read(Settings settings, Task task) {
            if (task == Task.FINETUNE) {
                FinetuneInputs.Keys keys = FinetuneInputs.Keys.read(settings);
                return new Inputs(keys.toString(), keys::open);
            }
            PretrainInputs.Keys keys = PretrainInputs.Keys.read(settings);
            return new Inputs(keys.toString(), hadoop -> keys.open(settings, hadoop));
        }
    }

    /** Ties inputs to file systems. */
    interface Opener {

        /** Opens them. */
        TrainingInputs open(Configuration hadoop) throws IOException;
    }

    /** Reads {@code compare.study.*} and what is trained; errors are noted in the settings. */
    static StudySettings read(Settings settings, String output) {
        Task task = settings.choice("compare.study.task", Task.class);
        String training = task.section + ".training";
        int lanes = settings.integer(training + ".lanes", 1);
        int atOnce = settings.integer("compare.study.atOnce", 0);
        return new StudySettings(
                task,
                Inputs.read(settings, task),
                contestants(settings, training),
                settings.longIntegers("compare.study.seeds"),
                settings.integer("compare.study.steps", 1),
                settings.integer(training + ".batchSize", 1),
                settings.integer("compare.study.measurements", 1),
                settings.isSet("compare.study.target")
                        ? OptionalDouble.of(settings.real("compare.study.target", 0, 1e9))
                        : OptionalDouble.empty(),
                output,
                settings.optionalText("compare.study.runs").orElse(output + "-runs"),
                atOnce > 0 ? atOnce : Math.max(1, Runtime.getRuntime().availableProcessors() / lanes),
                lanes,
                settings.choice("compute.backend", Backends.class),
                LoraSettings.read(settings, task.section));
    }

    private static List<Contestant> contestants(Settings settings, String training) {
        List<String> entries = settings.texts("compare.study.optimizers");
        settings.require(!entries.isEmpty(), "compare.study.optimizers = []: must name at least one");
        List<Contestant> contestants = new ArrayList<>();
        for (String entry : entries) {
            Contestant contestant = Contestant.read(entry, settings, training);
            boolean known = contestants.stream().anyMatch(other -> other.name().equals(contestant.name()));
            settings.require(!known, "compare.study.optimizers: must not name \"" + contestant.name() + "\" twice");
            contestants.add(contestant);
        }
        return contestants;
    }

    /** What it is about. */
    String title() {
        return task == Task.PRETRAIN ? "pre-training of a language model" : "fine-tuning of a classifier";
    }

    /** What every trial gets. */
    Study.Budget budget() {
        return new Study.Budget(
                steps,
                gradients(),
                batchSize,
                contestants.stream()
                        .mapToInt(contestant -> contestant.learningRates().size())
                        .max()
                        .orElseThrow(),
                seeds.size(),
                lanes);
    }

    /** Gradients of a whole batch in the view at equal gradient evaluations: what the dearest takes in the steps. */
    long gradients() {
        return Math.round(
                contestants.stream().mapToDouble(this::batchesPerStep).max().orElseThrow() * steps);
    }

    /** Steps that a contestant can take with these gradients. */
    long stepsAtEqualGradients(Contestant contestant) {
        return Math.max(1, Math.round(gradients() / batchesPerStep(contestant)));
    }

    /** Whether its batch is that of the study, so that its steps compare. */
    boolean hasWholeBatches(Contestant contestant) {
        return contestant.training().batchSize() == batchSize;
    }

    /** Part of the study's batch in a contestant's own. */
    double partOfBatch(Contestant contestant) {
        return contestant.training().batchSize() / (double) batchSize;
    }

    private double batchesPerStep(Contestant contestant) {
        return contestant.gradientsPerStep() * partOfBatch(contestant);
    }
}

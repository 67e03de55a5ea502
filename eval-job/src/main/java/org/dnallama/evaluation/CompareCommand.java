package org.dnallama.evaluation;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.dnallama.config.Settings;
import org.dnallama.spark.JobOptions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Optimizers, or finished evaluations, side by side. */
@Command(
        name = "compare",
        description = {
            "Compares optimizers by a study, or evaluations that are there, in one report.",
            "",
            "A study (compare.study.task) trains the model of pretrain or finetune with each optimizer: a grid of"
                    + " learning rates, the best of them with several seeds. It reports at equal steps, at equal gradient"
                    + " evaluations and in seconds to a target loss. Runs that are finished are kept, so that an"
                    + " interrupted or extended study does only what is missing.",
            "",
            "With compare.evaluations it sets metrics, ROC curves, confusion matrices and loss curves side by side,"
                    + " and tells by a paired bootstrap and McNemar's test how sure the differences are.",
            ""
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama compare --conf conf/study-chr2.conf",
            "  dna-llama compare --conf conf/promoter-core-tata.conf --set compare.study.task=finetune \\",
            "                    --set compare.study.optimizers=[adamw,kt4] --set compare.study.steps=50 \\",
            "                    --set compare.output=study",
            "  dna-llama compare --conf my.conf --set compare.study.seeds=[1,2,3,4,5] --overwrite",
            "  dna-llama compare --set compare.evaluations=[evaluation-adamw,evaluation-kt4] \\",
            "                    --set compare.output=comparison",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 70 a bug."
        })
final class CompareCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Override
    public Integer call() throws IOException {
        Settings settings = options.settings();
        boolean study = settings.isSet("compare.study.task");
        boolean evaluations = settings.isSet("compare.evaluations");
        settings.require(
                study || evaluations,
                "compare: must have study.task (pretrain or finetune), or evaluations (folders that evaluate wrote)");
        settings.require(
                !(study && evaluations),
                "compare: has both study.task and evaluations; set one of them to null, and another output");
        String output = settings.text("compare.output");
        if (study) {
            StudySettings wanted = StudySettings.read(settings, output);
            settings.check();
            return new StudyJob(wanted, settings, options.existing()).run();
        }
        List<String> paths = evaluations ? settings.texts("compare.evaluations") : List.of();
        Bootstrap.Plan plan =
                new Bootstrap.Plan(settings.integer("compare.resamples", 0), settings.longInteger("seed"));
        settings.check();
        return EvaluationComparison.run(paths, output, plan, options.existing());
    }
}

package org.dnallama.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;
import org.dnallama.model.LoraSettings;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.FinetuneInputs;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.LabelledShards;
import org.dnallama.spark.Provenance;
import org.dnallama.spark.Sessions;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings;
import org.dnallama.training.preflight.Preflight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** A language model and labelled sequences to a classifier. */
@Command(
        name = "finetune",
        description = "Trains a promoter classifier from a language model; keeps the parameters with the best dev MCC.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama finetune --conf conf/promoter-core-tata.conf",
            "  dna-llama finetune --conf conf/promoter-core-tata.conf --set finetune.training.optimizer=kt4 \\",
            "                     --set finetune.output=runs/kt4",
            "  dna-llama finetune --conf conf/promoter-core-tata.conf --set finetune.lora.rank=8 \\",
            "                     --set finetune.output=runs/lora",
            "  dna-llama finetune --conf my.conf --preflight",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 4 training failed, 70 a bug."
        })
final class FinetuneCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Mixin
    private PreflightOption preflight = new PreflightOption();

    @Override
    public Integer call() throws Exception {
        Settings settings = options.settings();
        FinetuneInputs.Keys keys = FinetuneInputs.Keys.read(settings);
        String output = settings.text("finetune.output");
        FinetuneTask.Run run = new FinetuneTask.Run(
                settings.choice("compute.backend", Backends.class),
                TrainingSettings.read(settings, "finetune.training"),
                LoraSettings.read(settings, "finetune"),
                settings.integer("finetune.epochs", 1),
                settings.longInteger("seed"));
        Cluster cluster = Cluster.read(settings, run.training());
        Optional<AveragingSettings> averaging = cluster.averaging(settings, run.training(), "finetune");
        require(settings, keys, run.lora(), averaging);
        settings.check();
        try (SparkSession spark = Sessions.openForTraining("finetune", cluster.spark())) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            FinetuneInputs inputs = keys.open(hadoop);
            Preflight look = new Preflight(
                    inputs,
                    LabelledShards.isAt(inputs.data(), hadoop) ? Optional.of(inputs.data()) : Optional.empty(),
                    output,
                    run.training(),
                    run.lora(),
                    cluster.meetingRanks());
            if (preflight.only()) {
                return preflight.report(look, spark);
            }
            ObjectNode manifest = inputs.inputs(new Provenance(
                            "finetune", run.seed(), run.training().optimizer(), hadoop))
                    .manifest(settings.effective(cluster.sections("seed", "compute", "finetune")));
            UnfinishedRun.settle(output, manifest.toString(), run.training(), options.existing(), hadoop);
            Optional<Artefact> artefact = Artefact.open(output, manifest.toString(), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            look.check(spark);
            FinetuneTask task = new FinetuneTask(inputs, artefact.get().folder().toString(), run);
            TrainState state = averaging.isPresent()
                    ? task.average(averaging.get(), JavaSparkContext.fromSparkContext(spark.sparkContext()))
                    : Ranks.run(spark, run.title(), cluster, task);
            artefact.get()
                    .publish(Provenance.finish(manifest, artefact.get(), state)
                            .put("sequenceBases", inputs.sequenceBases()));
            System.out.printf(
                    "finetuned %s: best dev MCC %.4f at step %d of %d, %d gradient evaluations, %.1f s of training%n",
                    output,
                    state.bestScore(),
                    state.bestStep(),
                    state.step(),
                    state.gradientEvaluations(),
                    state.elapsedSeconds());
            return Commands.DONE;
        }
    }

    /** What the readers of single settings cannot see. */
    private static void require(
            Settings settings, FinetuneInputs.Keys keys, LoraSettings lora, Optional<AveragingSettings> averaging) {
        double asked = keys.training().replacedWeight();
        boolean classifier = keys.mode().kind() == FinetuneInputs.Kind.CLASSIFIER;
        settings.require(
                asked == 0 || lora.rank() == 0,
                "finetune.training.replacedWeight = %s: does not go with finetune.lora.rank > 0; set it to 0"
                        .formatted(asked));
        settings.require(
                asked == 0 || classifier,
                "finetune.training.replacedWeight = %s: is for finetune.mode = classifier; set it to 0"
                        .formatted(asked));
        settings.require(
                averaging.isEmpty() || classifier,
                "finetune.mode = instruction: does not go with cluster.sync = parameter-averaging; set all-reduce");
    }
}

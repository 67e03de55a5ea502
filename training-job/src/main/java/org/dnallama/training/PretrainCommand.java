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
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.PretrainInputs;
import org.dnallama.spark.PretrainObjective;
import org.dnallama.spark.Provenance;
import org.dnallama.spark.Sessions;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingSettings;
import org.dnallama.training.averaging.AveragingSettings;
import org.dnallama.training.preflight.Preflight;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Token shards to a language model. */
@Command(
        name = "pretrain",
        description = "Trains a language model on token shards; goes on from its last checkpoint when run again.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  dna-llama pretrain --conf conf/genome-chr2.conf",
            "  dna-llama pretrain --set pretrain.shards=shards --set pretrain.output=model --set pretrain.steps=1000",
            "  dna-llama pretrain --conf my.conf --set pretrain.training.optimizer=kt4",
            "  dna-llama pretrain --conf my.conf --preflight",
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 4 training failed, 70 a bug."
        })
final class PretrainCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Mixin
    private PreflightOption preflight = new PreflightOption();

    @Override
    public Integer call() throws Exception {
        Settings settings = options.settings();
        PretrainInputs.Keys keys = PretrainInputs.Keys.read(settings);
        String output = settings.text("pretrain.output");
        PretrainTask.Run run = new PretrainTask.Run(
                settings.choice("compute.backend", Backends.class),
                TrainingSettings.read(settings, "pretrain.training"),
                LoraSettings.read(settings, "pretrain"),
                settings.integer("pretrain.steps", 1),
                settings.longInteger("seed"));
        Cluster cluster = Cluster.read(settings, run.training());
        Optional<AveragingSettings> averaging = cluster.averaging(settings, run.training(), "pretrain");
        settings.require(
                averaging.isEmpty() || keys.start().objective().kind() == PretrainObjective.Kind.CAUSAL,
                "cluster.sync = parameter-averaging: carries no hidden bases; set pretrain.objective = causal, or"
                        + " cluster.sync = all-reduce");
        settings.check();
        try (SparkSession spark = Sessions.openForTraining("pretrain", cluster.spark())) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            PretrainInputs inputs = keys.open(settings, hadoop);
            Preflight look = new Preflight(
                    inputs, Optional.of(inputs.shards()), output, run.training(), run.lora(), cluster.meetingRanks());
            if (preflight.only()) {
                return preflight.report(look, spark);
            }
            ObjectNode manifest = inputs.inputs(new Provenance(
                            "pretrain", run.seed(), run.training().optimizer(), hadoop))
                    .manifest(settings.effective(cluster.sections("seed", "compute", "model", "pretrain")));
            UnfinishedRun.settle(output, manifest.toString(), run.training(), options.existing(), hadoop);
            Optional<Artefact> artefact = Artefact.open(output, manifest.toString(), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            look.check(spark);
            PretrainTask task = new PretrainTask(inputs, artefact.get().folder().toString(), run);
            TrainState state = averaging.isPresent()
                    ? task.average(averaging.get(), JavaSparkContext.fromSparkContext(spark.sparkContext()))
                    : Ranks.run(spark, run.title(), cluster, task);
            artefact.get().publish(Provenance.finish(manifest, artefact.get(), state));
            System.out.printf(
                    "pretrained %s: %d steps, %d gradient evaluations, %.1f s of training%n",
                    output, state.step(), state.gradientEvaluations(), state.elapsedSeconds());
            return Commands.DONE;
        }
    }
}

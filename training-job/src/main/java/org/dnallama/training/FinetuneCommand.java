package org.dnallama.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Pooling;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.LabelledShards;
import org.dnallama.spark.Sessions;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingSettings;
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
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 4 training failed, 70 a bug."
        })
final class FinetuneCommand implements Callable<Integer> {

    private static final String NEEDED = "correct finetune.data, which needs train.csv and dev.csv";

    @Mixin
    private JobOptions options = new JobOptions();

    @Override
    public Integer call() throws Exception {
        Settings settings = options.settings();
        String data = settings.text("finetune.data");
        String from = settings.text("finetune.from");
        String output = settings.text("finetune.output");
        FinetuneTask.Run run = new FinetuneTask.Run(
                settings.choice("compute.backend", Backends.class),
                TrainingSettings.read(settings, "finetune.training"),
                LoraSettings.read(settings, "finetune"),
                settings.choice("finetune.pooling", Pooling.class),
                settings.integer("finetune.epochs", 1),
                settings.integer("finetune.maxRows", 0),
                settings.longInteger("seed"));
        Cluster cluster = Cluster.read(settings);
        settings.check();
        try (SparkSession spark = Sessions.open("finetune")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            Provenance provenance = new Provenance(
                            "finetune", run.seed(), run.training().optimizer(), hadoop)
                    .input(from, "correct finetune.from");
            if (LabelledShards.isAt(data, hadoop)) {
                provenance.input(data, NEEDED);
            } else {
                provenance.input(data + "/train.csv", NEEDED).input(data + "/dev.csv", NEEDED);
            }
            ObjectNode manifest = provenance.manifest(settings.effective("seed", "compute", "finetune"));
            Optional<Artefact> artefact = Artefact.open(output, manifest.toString(), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            FinetuneTask task = new FinetuneTask(
                    new SerializableConfiguration(hadoop),
                    new FinetuneTask.Paths(data, from, artefact.get().folder().toString()),
                    run);
            TrainState state = Ranks.run(spark, "finetune", cluster, task);
            artefact.get().publish(Provenance.finish(manifest, state));
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
}

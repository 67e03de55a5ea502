package org.dnallama.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.Storage;
import org.dnallama.checkpoint.WarmStart;
import org.dnallama.compute.Backends;
import org.dnallama.config.Settings;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LoraSettings;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.JobOptions;
import org.dnallama.spark.Sessions;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingSettings;
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
            "Exit codes: 0 done, 2 usage or configuration, 3 bad input, 4 training failed, 70 a bug."
        })
final class PretrainCommand implements Callable<Integer> {

    @Mixin
    private JobOptions options = new JobOptions();

    @Override
    public Integer call() throws Exception {
        Settings settings = options.settings();
        String shards = settings.text("pretrain.shards");
        String output = settings.text("pretrain.output");
        Optional<String> from = settings.optionalText("pretrain.from");
        int steps = settings.integer("pretrain.steps", 1);
        int validRows = settings.integer("pretrain.validRows", 1);
        long seed = settings.longInteger("seed");
        double initStd = settings.real("model.initStd", 0, 1);
        TrainingSettings training = TrainingSettings.read(settings, "pretrain.training");
        LoraSettings lora = LoraSettings.read(settings, "pretrain");
        Backends backend = settings.choice("compute.backend", Backends.class);
        Cluster cluster = Cluster.read(settings);
        settings.check();
        try (SparkSession spark = Sessions.open("pretrain")) {
            Configuration hadoop = spark.sparkContext().hadoopConfiguration();
            Tokenizer tokenizer = tokenizer(shards, hadoop);
            LlamaConfig shape = from.isPresent()
                    ? WarmStart.read(new HadoopStorage(from.get(), hadoop), new HadoopStorage(shards, hadoop))
                            .config()
                    : LlamaConfig.read(settings, tokenizer.vocabularySize());
            Provenance provenance = new Provenance("pretrain", seed, training.optimizer(), hadoop)
                    .input(shards, "correct pretrain.shards");
            if (from.isPresent()) {
                provenance.input(from.get(), "correct pretrain.from");
            }
            ObjectNode manifest = provenance.manifest(settings.effective("seed", "compute", "model", "pretrain"));
            Optional<Artefact> artefact = Artefact.open(output, manifest.toString(), options.existing(), hadoop);
            if (artefact.isEmpty()) {
                System.out.println(output + " is finished already, from the same inputs and settings: nothing to do");
                return Commands.DONE;
            }
            PretrainTask task = new PretrainTask(
                    new SerializableConfiguration(hadoop),
                    new PretrainTask.Paths(
                            shards, from.orElse(""), artefact.get().folder().toString()),
                    shape,
                    initStd,
                    new PretrainTask.Run(backend, training, lora, steps, validRows, seed));
            TrainState state = Ranks.run(spark, "pretrain", cluster, task);
            artefact.get().publish(Provenance.finish(manifest, state));
            System.out.printf(
                    "pretrained %s: %d steps, %d gradient evaluations, %.1f s of training%n",
                    output, state.step(), state.gradientEvaluations(), state.elapsedSeconds());
            return Commands.DONE;
        }
    }

    private static Tokenizer tokenizer(String shards, Configuration hadoop) throws Exception {
        Storage folder = new HadoopStorage(shards, hadoop);
        return Tokenizers.read(Provenance.text(folder, "tokenizer.json", "give the output of a finished ingest"));
    }
}

package org.dnallama.training;

import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.checkpoint.WarmStart;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.TokenShards;
import org.dnallama.token.Tokenizer;
import org.dnallama.token.Tokenizers;
import org.dnallama.train.Examples;
import org.dnallama.train.ProgressListener;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;

/** One rank of pre-training, on an executor: loads rows and weights and calls the core. */
record PretrainTask(SerializableConfiguration hadoop, Paths paths, LlamaConfig shape, double initStd, Run run)
        implements Function<Integer, TrainState> {

    /** Folders; {@code from} is empty for random weights. */
    record Paths(String shards, String from, String output) implements Serializable {}

    /** On what, how long and how. */
    record Run(Backends backend, TrainingSettings training, LoraSettings lora, int steps, int validRows, long seed)
            implements Serializable {}

    @Override
    public TrainState call(Integer rank) throws Exception {
        Configuration conf = hadoop.value();
        Storage shards = new HadoopStorage(paths.shards, conf);
        Tokenizer tokenizer = Tokenizers.read(Provenance.text(shards, "tokenizer.json", "run ingest again"));
        Examples train = examples("train", Integer.MAX_VALUE, tokenizer);
        Examples valid = examples("valid", run.validRows, tokenizer);
        Backend backend = run.backend.open();
        ModelFolder model = new ModelFolder(shape, Head.LANGUAGE_MODEL, Pooling.LAST, tokenizer);
        Seeds seeds = new Seeds(run.seed);
        try (ProgressListener progress = new ProgressListener(
                        "pretrain " + run.training.optimizer().kind().label());
                Parameters theta = start(backend, model, seeds, conf)) {
            TrainingJob job = new TrainingJob(run.training, run.steps, run.seed, progress);
            return job.pretrain(model, theta, train, valid, new SingleRank(), new HadoopStorage(paths.output, conf));
        }
    }

    private Parameters start(Backend backend, ModelFolder model, Seeds seeds, Configuration conf) throws Exception {
        if (paths.from.isEmpty()) {
            return LlamaLayout.initialize(backend, model.config(), Head.LANGUAGE_MODEL, initStd, seeds);
        }
        Parameters stored = WarmStart.read(new HadoopStorage(paths.from, conf), new HadoopStorage(paths.shards, conf))
                .weights(backend, seeds);
        return Lora.adapt(stored, run.lora, seeds);
    }

    private Examples examples(String split, int most, Tokenizer tokenizer) {
        List<int[]> rows = TokenShards.read(paths.shards, split, hadoop.value(), most).stream()
                .map(tokens -> Examples.document(tokens, tokenizer))
                .toList();
        int longest = rows.stream().mapToInt(row -> row.length).max().orElse(0);
        if (longest > shape.contextLength()) {
            throw new InputException("%s: has a window of %d tokens with begin and end, model.contextLength is %d; %s"
                    .formatted(
                            paths.shards,
                            longest,
                            shape.contextLength(),
                            "make ingest.window smaller or model.contextLength larger"));
        }
        return Examples.languageModel(rows, tokenizer);
    }
}

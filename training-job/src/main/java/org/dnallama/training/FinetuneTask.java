package org.dnallama.training;

import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.collective.SingleRank;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.spark.LabelledShards;
import org.dnallama.token.Tokenizer;
import org.dnallama.train.Examples;
import org.dnallama.train.ProgressListener;
import org.dnallama.train.TrainState;
import org.dnallama.train.TrainingJob;
import org.dnallama.train.TrainingSettings;

/** One rank of fine-tuning, on an executor: loads rows and weights and calls the core. */
record FinetuneTask(SerializableConfiguration hadoop, Paths paths, Run run) implements Function<Integer, TrainState> {

    /** Folders. */
    record Paths(String data, String from, String output) implements Serializable {}

    /** How long and how; {@code maxRows} 0 means all. */
    record Run(
            Backends backend,
            TrainingSettings training,
            LoraSettings lora,
            Pooling pooling,
            int epochs,
            int maxRows,
            long seed)
            implements Serializable {}

    @Override
    public TrainState call(Integer rank) throws Exception {
        Configuration conf = hadoop.value();
        Storage from = new HadoopStorage(paths.from, conf);
        ModelFolder stored = ModelFolder.read(from);
        ModelFolder model = TrainingJob.withHead(stored, Head.CLASSIFIER, run.pooling);
        Examples train = examples(sample(sequences(LabelledSplit.TRAIN)), model, "train");
        Examples dev = examples(sequences(LabelledSplit.DEV), model, "dev");
        long rows = (long) run.epochs * train.size();
        long steps = (rows + run.training.batchSize() - 1) / run.training.batchSize();
        Backend backend = run.backend.open();
        Seeds seeds = new Seeds(run.seed);
        try (ProgressListener progress = new ProgressListener(
                        "finetune " + run.training.optimizer().kind().label());
                Parameters theta = Lora.adapt(stored.weights(from, backend, Head.CLASSIFIER, seeds), run.lora, seeds)) {
            TrainingJob job = new TrainingJob(run.training, steps, run.seed, progress);
            return job.finetune(model, theta, train, dev, new SingleRank(), new HadoopStorage(paths.output, conf));
        }
    }

    private List<LabelledSequence> sequences(LabelledSplit split) throws Exception {
        if (LabelledShards.isAt(paths.data, hadoop.value())) {
            return LabelledShards.read(paths.data, split, hadoop.value());
        }
        String name = split.label() + ".csv";
        Storage folder = new HadoopStorage(paths.data, hadoop.value());
        if (!folder.exists(name)) {
            throw new InputException(
                    paths.data + "/" + name + ": no such file; finetune.data needs train.csv and dev.csv");
        }
        try (InputStream in = folder.open(name)) {
            return LabelledSequences.read(in, name);
        }
    }

    /** At most maxRows of the rows, drawn by the seed. */
    private List<LabelledSequence> sample(List<LabelledSequence> all) {
        if (run.maxRows == 0 || run.maxRows >= all.size()) {
            return all;
        }
        List<LabelledSequence> drawn = new ArrayList<>(all);
        RandomGenerator random = new Seeds(run.seed).stream("sample");
        for (int i = 0; i < run.maxRows; i++) {
            java.util.Collections.swap(drawn, i, i + random.nextInt(drawn.size() - i));
        }
        return List.copyOf(drawn.subList(0, run.maxRows));
    }

    private Examples examples(List<LabelledSequence> sequences, ModelFolder model, String name) {
        Tokenizer tokenizer = model.tokenizer();
        List<int[]> rows = new ArrayList<>();
        int[] classes = new int[sequences.size()];
        for (int i = 0; i < classes.length; i++) {
            int[] row = Examples.document(tokenizer.encode(sequences.get(i).sequence()), tokenizer);
            if (row.length > model.config().contextLength()) {
                throw new InputException("%s/%s: row %s has %d tokens with begin and end, the model's context is %d"
                        .formatted(
                                paths.data,
                                name,
                                sequences.get(i).id(),
                                row.length,
                                model.config().contextLength()));
            }
            rows.add(row);
            classes[i] = sequences.get(i).label();
        }
        return Examples.classifier(rows, classes, tokenizer);
    }
}

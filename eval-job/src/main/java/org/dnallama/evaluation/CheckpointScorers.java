package org.dnallama.evaluation;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backends;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.train.CheckpointScorer;
import org.dnallama.train.Examples;

/**
 * Scorers from fine-tuned checkpoints.
 *
 * @param backend what they compute on
 */
record CheckpointScorers(Backends backend) implements Scorer.Factory {

    private static final long serialVersionUID = 1L;

    @Override
    public Scorer open(String checkpoint, Configuration hadoop) throws IOException {
        Storage folder = new HadoopStorage(checkpoint, hadoop);
        ModelFolder model = ModelFolder.read(folder);
        CheckpointScorer scorer = new CheckpointScorer(backend.open(), folder);
        return new Scorer() {
            @Override
            public double[] scores(List<LabelledSequence> rows) {
                rows.forEach(row -> checkLength(row, model));
                return scorer.scores(
                        rows.stream().map(LabelledSequence::sequence).toList());
            }

            @Override
            public void close() {
                scorer.close();
            }
        };
    }

    private static void checkLength(LabelledSequence row, ModelFolder model) {
        int tokens = Examples.document(model.tokenizer().encode(row.sequence()), model.tokenizer()).length;
        int most = model.config().contextLength();
        if (tokens > most) {
            throw new InputException(row.id() + ": the sequence has " + tokens + " tokens with begin and end, the"
                    + " model's context is " + most + "; shorten it, or train a model with a longer context");
        }
    }
}

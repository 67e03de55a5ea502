package org.dnallama.evaluation;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;

/** Scores one partition, batch by batch, with one load of the model. */
record ScoringTask(Scorer.Factory scorers, String model, SerializableConfiguration hadoop, int batchSize)
        implements FlatMapFunction<Iterator<LabelledSequence>, Prediction> {

    @Override
    public Iterator<Prediction> call(Iterator<LabelledSequence> rows) throws Exception {
        List<Prediction> predictions = new ArrayList<>();
        if (!rows.hasNext()) {
            return predictions.iterator();
        }
        try (Scorer scorer = scorers.open(model, hadoop.value())) {
            List<LabelledSequence> batch = new ArrayList<>();
            while (rows.hasNext()) {
                batch.add(rows.next());
                if (batch.size() == batchSize || !rows.hasNext()) {
                    score(scorer, batch, predictions);
                    batch.clear();
                }
            }
        }
        return predictions.iterator();
    }

    private void score(Scorer scorer, List<LabelledSequence> batch, List<Prediction> predictions) {
        double[] scores = scorer.scores(List.copyOf(batch));
        if (scores.length != batch.size()) {
            throw new IllegalStateException(scores.length + " scores for " + batch.size() + " sequences");
        }
        for (int i = 0; i < scores.length; i++) {
            LabelledSequence row = batch.get(i);
            if (!Double.isFinite(scores[i])) {
                throw new InputException(model + ": scores " + row.id() + " as " + scores[i]
                        + "; its parameters are no good, fine-tune anew, with a lower learning rate");
            }
            predictions.add(new Prediction(row.id(), scores[i], row.label(), scorer.isTooLong(row)));
        }
    }
}

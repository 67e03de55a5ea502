package org.dnallama.evaluation;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.metric.Saliency;
import org.dnallama.shard.LabelledSequence;

/**
 * Looks into the sequences of class 1 that were found with the highest scores.
 *
 * @param scorers opens the checkpoint
 * @param model the checkpoint
 * @param hadoop file system settings
 * @param scores of these sequences, by id
 */
record Hits(Scorer.Factory scorers, String model, SerializableConfiguration hadoop, Map<String, Double> scores)
        implements FlatMapFunction<Iterator<LabelledSequence>, Saliency> {

    /** The scores of the sequences to look into, by id; of equal scores the first ids. */
    static Map<String, Double> best(Dataset<Row> predictions, double threshold, int most) {
        Map<String, Double> best = new TreeMap<>();
        predictions
                .filter(functions.col("label").equalTo(1))
                .filter(functions.col("score").geq(threshold))
                .orderBy(functions.col("score").desc(), functions.col("id"))
                .limit(most)
                .collectAsList()
                .forEach(row -> best.put(row.getAs("id"), row.getAs("score")));
        return best;
    }

    /** Of each of them, highest score first. */
    List<Saliency> of(JavaRDD<LabelledSequence> rows) {
        Map<String, Double> wanted = scores;
        return rows.filter(row -> wanted.containsKey(row.id())).coalesce(1).mapPartitions(this).collect().stream()
                .sorted((a, b) -> Double.compare(b.score(), a.score()))
                .toList();
    }

    @Override
    public Iterator<Saliency> call(Iterator<LabelledSequence> rows) throws IOException {
        List<Saliency> told = new ArrayList<>();
        try (Scorer scorer = scorers.open(model, hadoop.value())) {
            while (rows.hasNext()) {
                LabelledSequence row = rows.next();
                Optional<double[]> perBase = scorer.saliency(row);
                perBase.ifPresent(numbers -> told.add(new Saliency(
                        row.id(),
                        row.sequence(),
                        scores.getOrDefault(row.id(), Double.NaN),
                        Arrays.stream(numbers).boxed().toList())));
            }
        }
        return told.iterator();
    }
}

package org.dnallama.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * How one kind of overlap connects two splits.
 *
 * @param kind its name
 * @param taskA data set of side a
 * @param splitA split of side a
 * @param taskB data set of side b, or the genome's file
 * @param splitB split of side b, or {@link Columns#GENOME}
 * @param pairs number of pairs
 * @param rowsA distinct rows of a
 * @param rowsB distinct rows of b; contigs of a genome
 * @param otherLabelPairs pairs with different labels
 * @param decidedB rows of b whose partners' labels have a majority that is equal or different
 * @param otherLabelB rows of b whose partners mostly have another label
 */
record Overlap(
        String kind,
        String taskA,
        String splitA,
        String taskB,
        String splitB,
        long pairs,
        long rowsA,
        long rowsB,
        long otherLabelPairs,
        long decidedB,
        long otherLabelB) {

    private static final String[] SIDES = {"kind", "task_a", "split_a", "task_b", "split_b"};

    /**
     * Counts.
     *
     * @param pairs a table as {@link Columns#PAIRS}
     * @return one for each kind and two splits that have pairs, the gravest kind first
     */
    static List<Overlap> of(Dataset<Row> pairs) {
        Dataset<Row> ofB = pairs.withColumn(
                        "other",
                        when(col("label_a").notEqual(col("label_b")), 1).otherwise(0))
                .withColumn(
                        "same", when(col("label_a").equalTo(col("label_b")), 1).otherwise(0))
                .groupBy(col("kind"), col("task_a"), col("split_a"), col("task_b"), col("split_b"), col("row_b"))
                .agg(
                        count(lit(1)).as("pairs"),
                        sum("other").as("other"),
                        sum("same").as("same"))
                .groupBy("kind", "task_a", "split_a", "task_b", "split_b")
                .agg(
                        sum("pairs"),
                        count(lit(1)),
                        sum("other"),
                        sum(when(col("other").notEqual(col("same")), 1).otherwise(0)),
                        sum(when(col("other").gt(col("same")), 1).otherwise(0)));
        Map<Row, Long> rowsA = new HashMap<>();
        for (Row row : pairs.select("kind", "task_a", "split_a", "task_b", "split_b", "row_a")
                .distinct()
                .groupBy("kind", "task_a", "split_a", "task_b", "split_b")
                .count()
                .collectAsList()) {
            rowsA.put(sides(row), row.getLong(SIDES.length));
        }
        return ofB.collectAsList().stream()
                .map(row -> new Overlap(
                        row.getString(0),
                        row.getString(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        rowsA.getOrDefault(sides(row), 0L),
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9)))
                .sorted(Comparator.comparingInt((Overlap one) -> Kind.labels().indexOf(one.kind))
                        .thenComparing(Overlap::taskA)
                        .thenComparing(Overlap::splitA)
                        .thenComparing(Overlap::taskB)
                        .thenComparing(Overlap::splitB))
                .toList();
    }

    private static Row sides(Row row) {
        return RowFactory.create(
                row.getString(0), row.getString(1), row.getString(2), row.getString(3), row.getString(4));
    }

    /** Side a in one word. */
    String a() {
        return taskA + "/" + splitA;
    }

    /** Side b in one word. */
    String b() {
        return taskB + "/" + splitB;
    }

    /** For audit.json. */
    ObjectNode toJson() {
        return new ObjectMapper()
                .createObjectNode()
                .put("kind", kind)
                .put("taskA", taskA)
                .put("splitA", splitA)
                .put("taskB", taskB)
                .put("splitB", splitB)
                .put("pairs", pairs)
                .put("rowsA", rowsA)
                .put("rowsB", rowsB)
                .put("otherLabelPairs", otherLabelPairs)
                .put("decidedB", decidedB)
                .put("otherLabelB", otherLabelB);
    }
}

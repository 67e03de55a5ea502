package org.dnallama.audit;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.when;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;

/** The data sets as CSV again, without rows that leak from a later split. */
final class CleanCopy {

    private final AuditSettings.Clean clean;

    CleanCopy(AuditSettings.Clean clean) {
        this.clean = clean;
    }

    /**
     * One file of the copy.
     *
     * @param task its data set
     * @param split its split
     * @param kept rows in it
     * @param removed rows left out, by the gravest kind of overlap that each has
     */
    record Cleaned(String task, String split, long kept, Map<Kind, Long> removed) {}

    /**
     * Writes {@code cleaned/<task>/<split>.csv}, rows in their old order.
     *
     * @param rows a table as {@link Columns#ROWS}
     * @param pairs a table as {@link Columns#PAIRS}
     * @param artefact where to
     * @return what was written, by data set and split
     * @throws IOException if it cannot be written
     */
    List<Cleaned> write(Dataset<Row> rows, Dataset<Row> pairs, Artefact artefact) throws IOException {
        Dataset<Row> marked = rows.join(leaks(pairs).cache(), new String[] {"task", "split", "id"}, "left")
                .cache();
        List<Cleaned> files = new ArrayList<>();
        for (Row file : rows.groupBy("task", "split", "rank")
                .count()
                .orderBy("task", "rank")
                .collectAsList()) {
            Dataset<Row> ofFile = marked.where(
                    col("task").equalTo(file.getString(0)).and(col("split").equalTo(file.getString(1))));
            Map<Kind, Long> removed = new TreeMap<>();
            for (Row reason : ofFile.where(col("reason").isNotNull())
                    .groupBy("reason")
                    .count()
                    .collectAsList()) {
                removed.put(Kind.values()[reason.getInt(0)], reason.getLong(1));
            }
            Path path = new Path(artefact.folder(), "cleaned/" + file.getString(0) + "/" + file.getString(1) + ".csv");
            long kept = write(ofFile.where(col("reason").isNull()).orderBy("row"), path, artefact);
            files.add(new Cleaned(file.getString(0), file.getString(1), kept, removed));
        }
        return files;
    }

    /** Rows to leave out: task, split, id and reason, the ordinal of a kind. */
    private Dataset<Row> leaks(Dataset<Row> pairs) {
        Dataset<Row> counting = pairs.where(col("kind").isin(clean.kinds().toArray()))
                .where(col("split_b").notEqual(Columns.GENOME))
                .withColumn("reason", order(col("kind"), Kind.labels()));
        return side(counting, "a", "b")
                .union(side(counting, "b", "a"))
                .groupBy("task", "split", "id")
                .agg(min("reason").as("reason"));
    }

    // A containment has the shorter row as a, whatever its split, so both sides are looked at.
    private Dataset<Row> side(Dataset<Row> pairs, String leaking, String held) {
        List<String> splits =
                List.of(LabelledSplit.TRAIN.label(), LabelledSplit.DEV.label(), LabelledSplit.TEST.label());
        return pairs.where(col("split_" + held)
                        .isin(clean.against().toArray())
                        .and(order(col("split_" + leaking), splits).lt(order(col("split_" + held), splits))))
                .select(
                        col("task_" + leaking).as("task"),
                        col("split_" + leaking).as("split"),
                        col("row_" + leaking).as("id"),
                        col("reason"));
    }

    private static Column order(Column name, List<String> names) {
        Column order = lit(names.size());
        for (int i = 0; i < names.size(); i++) {
            order = when(name.equalTo(names.get(i)), i).otherwise(order);
        }
        return order;
    }

    private static long write(Dataset<Row> rows, Path path, Artefact artefact) throws IOException {
        long kept = 0;
        try (BufferedWriter out = new BufferedWriter(
                new OutputStreamWriter(artefact.fileSystem().create(path, true), StandardCharsets.UTF_8))) {
            out.write("sequence,label\n");
            Iterator<Row> all = rows.select("bases", "label").toLocalIterator();
            while (all.hasNext()) {
                Row row = all.next();
                out.write(row.getString(0) + "," + row.getInt(1) + "\n");
                kept++;
            }
        }
        return kept;
    }
}

package org.dnallama.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.dnallama.config.InputException;
import org.dnallama.spark.LabelledShards;

/**
 * The rows that an audit found nothing to say against.
 *
 * @param pairs what the rows share with those of other splits and with genomes: line and kind
 */
record AuditedSubsets(Dataset<Row> pairs) {

    private static final String LINE = "line";

    /**
     * Looks up rows in an audit.
     *
     * @param spark the session
     * @param audit folder that the job audit wrote
     * @param data the rows
     * @return what the audit says of them
     * @throws InputException if the audit has not seen exactly these rows
     */
    static AuditedSubsets open(SparkSession spark, Folder audit, LabelledData data) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Column isOfTask = isOfTask(spark, audited(audit, data, hadoop), data, hadoop);
        Dataset<Row> all = spark.read().parquet(audit.path() + "/pairs");
        return new AuditedSubsets(side(all, "a", isOfTask, data).union(side(all, "b", isOfTask, data)));
    }

    /** The file that the audit read, which may lie elsewhere and be the same. */
    private static String audited(Folder audit, LabelledData data, Configuration hadoop) throws IOException {
        JsonNode manifest = audit.json("manifest.json");
        String sha256 = data.sha256(hadoop);
        for (JsonNode input : manifest.path("inputs")) {
            if (input.path("sha256").asText().equals(sha256)) {
                return input.path("path").asText();
            }
        }
        throw new InputException(audit.path() + ": has not looked at " + data.place()
                + " (no input with the SHA-256 " + sha256 + "); run audit on the data set that holds it, or correct"
                + " evaluate.audit");
    }

    private static Column isOfTask(SparkSession spark, String audited, LabelledData data, Configuration hadoop)
            throws IOException {
        Column task = functions.col("task");
        if (LabelledShards.isAt(data.place(), hadoop)) {
            String split = data.place() + "/split=" + data.split().label();
            return task.equalTo(
                    spark.read().parquet(split).select("task").first().getString(0));
        }
        // Data sets are named by their folders, from some depth on.
        String folder = new Path(audited).getParent().toString();
        return functions.lit(folder).endsWith(functions.concat(functions.lit("/"), task));
    }

    private static Dataset<Row> side(Dataset<Row> pairs, String side, Column isOfTask, LabelledData data) {
        return pairs.withColumn("task", functions.col("task_" + side))
                .filter(isOfTask)
                .filter(functions.col("split_" + side).equalTo(data.split().label()))
                .select(line("row_" + side), functions.col("kind"));
    }

    // A data set has one file for each split, so that its lines name its rows.
    private static Column line(String id) {
        return functions.substring_index(functions.col(id), ":", -1).as(LINE);
    }

    /** Rows that are not in another split or a genome, neither as such nor reversed nor within longer ones. */
    Dataset<Row> leakFree(Dataset<Row> predictions) {
        return without(predictions, pairs.filter(functions.col("kind").notEqual("twin")));
    }

    /** Those of the leak-free rows that have no twin either. */
    Dataset<Row> twinFree(Dataset<Row> predictions) {
        return without(predictions, pairs);
    }

    private static Dataset<Row> without(Dataset<Row> predictions, Dataset<Row> kin) {
        Dataset<Row> named = predictions.withColumn(LINE, functions.substring_index(functions.col("id"), ":", -1));
        Dataset<Row> lines = kin.select(LINE).distinct();
        return named.join(lines, named.col(LINE).equalTo(lines.col(LINE)), "left_anti");
    }
}

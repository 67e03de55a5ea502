package org.dnallama.evaluation;

import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.config.InputException;
import org.dnallama.metric.BinaryMetrics;

/** Predictions as Parquet, columns {@code id string, score double, label int}. */
final class Predictions {

    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("score", DataTypes.DoubleType, false)
            .add("label", DataTypes.IntegerType, false);

    private Predictions() {}

    static void write(SparkSession spark, List<Prediction> predictions, Path folder) {
        List<Row> rows = predictions.stream()
                .map(p -> RowFactory.create(p.id(), p.score(), p.label()))
                .toList();
        // One file, since readers do not keep an order between files.
        spark.createDataFrame(rows, SCHEMA)
                .coalesce(1)
                .write()
                .mode(SaveMode.Overwrite)
                .option("compression", "zstd")
                .parquet(folder.toString());
    }

    static List<Prediction> read(SparkSession spark, String folder) {
        try {
            Dataset<Row> rows = spark.read().parquet(folder).select("id", "score", "label");
            return rows.collectAsList().stream()
                    .map(row -> new Prediction(row.getString(0), row.getDouble(1), row.getInt(2)))
                    .toList();
        } catch (Exception e) {
            // Spark's checked AnalysisException comes undeclared through Scala.
            if (e instanceof AnalysisException) {
                throw new InputException(folder + ": cannot be read: " + e.getMessage() + "; evaluate anew", e);
            }
            throw e;
        }
    }

    static BinaryMetrics metrics(List<Prediction> predictions, double threshold) {
        return BinaryMetrics.of(
                predictions.stream().mapToDouble(Prediction::score).toArray(),
                predictions.stream().mapToInt(Prediction::label).toArray(),
                threshold);
    }
}

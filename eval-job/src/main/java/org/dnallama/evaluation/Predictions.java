package org.dnallama.evaluation;

import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.config.InputException;
import org.dnallama.metric.ScoredRows;

/** Predictions as Parquet, columns {@code id string, score double, label int, tooLong boolean}. */
final class Predictions {

    private static final StructType SCHEMA = new StructType()
            .add("id", DataTypes.StringType, false)
            .add("score", DataTypes.DoubleType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("tooLong", DataTypes.BooleanType, false);

    private Predictions() {}

    /** Writes a file for each partition, in the order of the rows. */
    static void write(SparkSession spark, JavaRDD<Prediction> predictions, Path folder) {
        JavaRDD<Row> rows = predictions.map(p -> RowFactory.create(p.id(), p.score(), p.label(), p.tooLong()));
        spark.createDataFrame(rows, SCHEMA)
                .write()
                .mode(SaveMode.Overwrite)
                .option("compression", "zstd")
                .parquet(folder.toString());
    }

    static Dataset<Row> read(SparkSession spark, String folder) {
        try {
            return spark.read().parquet(folder).select("id", "score", "label");
        } catch (Exception e) {
            // Spark's checked AnalysisException comes undeclared through Scala.
            if (e instanceof AnalysisException) {
                throw new InputException(folder + ": cannot be read: " + e.getMessage() + "; evaluate anew", e);
            }
            throw e;
        }
    }

    /** How many sequences were longer than the context. */
    static long tooLong(SparkSession spark, String folder) {
        return spark.read().parquet(folder).filter("tooLong").count();
    }

    /**
     * The scores of the rows that all of these predict, in an order that does not depend on how they were shared out.
     * They take some 20 bytes a row and model of the driver's memory.
     */
    static ScoredRows rows(List<Dataset<Row>> models) {
        Dataset<Row> joined = models.get(0).select("id", "label", "score");
        for (Dataset<Row> other : models.subList(1, models.size())) {
            Dataset<Row> named =
                    other.select("id", "label", "score").withColumnRenamed("score", "score" + joined.columns().length);
            joined = joined.join(named, new String[] {"id", "label"}, "inner");
        }
        Dataset<Row> ordered = joined.orderBy("id");
        int count = Math.toIntExact(ordered.count());
        int[] labels = new int[count];
        List<double[]> scores = models.stream().map(model -> new double[count]).toList();
        Iterator<Row> rows = ordered.toLocalIterator();
        for (int i = 0; i < count; i++) {
            Row row = rows.next();
            labels[i] = row.getInt(1);
            for (int m = 0; m < scores.size(); m++) {
                scores.get(m)[i] = row.getDouble(2 + m);
            }
        }
        return new ScoredRows(labels, scores);
    }
}

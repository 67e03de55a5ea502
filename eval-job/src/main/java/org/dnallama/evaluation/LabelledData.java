package org.dnallama.evaluation;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.LabelledShards;

/**
 * Rows to be scored.
 *
 * @param place a CSV file, or labelled shards
 * @param split which rows of shards
 * @param key the setting that names the place
 */
record LabelledData(String place, LabelledSplit split, String key) {

    private static final int SOME = 5;

    /** The rows, checked; those of a CSV file are read by the driver, those of shards by the tasks. */
    JavaRDD<LabelledSequence> rows(SparkSession spark, int partitions) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        if (LabelledShards.isAt(place, hadoop)) {
            return shards(spark, partitions);
        }
        requireFile(hadoop);
        try (InputStream in = new Path(place).getFileSystem(hadoop).open(new Path(place))) {
            return context.parallelize(LabelledSequences.read(in, place), partitions);
        }
    }

    private JavaRDD<LabelledSequence> shards(SparkSession spark, int partitions) throws IOException {
        FileSystem fileSystem =
                new Path(place).getFileSystem(spark.sparkContext().hadoopConfiguration());
        if (!fileSystem.exists(new Path(place, "_SUCCESS"))) {
            throw new InputException(place + ": has no _SUCCESS; give the output of a finished import-gue");
        }
        Path folder = new Path(place, "split=" + split.label());
        if (fileSystem.globStatus(new Path(folder, "*.parquet")).length == 0) {
            throw new InputException(place + ": has no rows in split=" + split.label() + "; import a data set that has "
                    + split.label());
        }
        Dataset<Row> rows = spark.read().parquet(folder.toString()).select("task", "id", "sequence", "label");
        requireOneTaskOfTwoClasses(rows);
        return rows.toJavaRDD()
                .map(row -> new LabelledSequence(row.getString(1), row.getString(2), row.getInt(3)))
                .repartition(partitions);
    }

    private void requireOneTaskOfTwoClasses(Dataset<Row> rows) {
        List<String> tasks = rows.select("task").distinct().orderBy("task").limit(SOME).collectAsList().stream()
                .map(row -> row.getString(0))
                .toList();
        if (tasks.size() > 1) {
            throw new InputException(place + ": holds the data sets " + String.join(", ", tasks)
                    + ", whose splits may overlap; import one of them alone");
        }
        for (Row row : rows.filter("label > 1").limit(1).collectAsList()) {
            throw new InputException(place + ": row " + row.getString(1) + " is of class " + row.getInt(3)
                    + "; a two-class model takes 0 and 1 only");
        }
    }

    /** Checksum of the file, or of the shards' manifest. */
    String sha256(Configuration hadoop) throws IOException {
        if (LabelledShards.isAt(place, hadoop)) {
            return Artefact.sha256(place + "/manifest.json", hadoop);
        }
        requireFile(hadoop);
        return Artefact.sha256(place, hadoop);
    }

    private void requireFile(Configuration hadoop) throws IOException {
        Path file = new Path(place);
        FileSystem fileSystem = file.getFileSystem(hadoop);
        if (!fileSystem.exists(file) || !fileSystem.getFileStatus(file).isFile()) {
            throw new InputException(
                    place + ": no such file; " + key + " must be a CSV file with the columns sequence,label");
        }
    }
}

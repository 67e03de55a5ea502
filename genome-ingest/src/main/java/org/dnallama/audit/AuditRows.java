package org.dnallama.audit;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.dna.Nucleotides;
import org.dnallama.labelled.LabelledFile;
import org.dnallama.shard.LabelRule;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.LabelledShards;

/** Loads labelled rows, out of labelled files and out of labelled shards. */
final class AuditRows {

    private final SparkSession spark;
    private final List<LabelledFile> files;
    private final List<String> shards;

    private AuditRows(SparkSession spark, List<LabelledFile> files, List<String> shards) {
        this.spark = spark;
        this.files = files;
        this.shards = shards;
    }

    /**
     * Looks at the folders.
     *
     * @param spark the session
     * @param folders each with labelled files, or labelled shards
     * @return what is there
     * @throws InputException if a folder is neither, or is not finished
     */
    static AuditRows find(SparkSession spark, List<String> folders) {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        List<String> plain = new ArrayList<>();
        List<String> shards = new ArrayList<>();
        for (String folder : folders) {
            Path root = new Path(folder);
            try {
                FileSystem fileSystem = root.getFileSystem(hadoop);
                boolean made = LabelledShards.isAt(folder, hadoop);
                if (made && !fileSystem.exists(new Path(root, "_SUCCESS"))) {
                    throw new InputException(folder + ": has no _SUCCESS; give the output of a finished import-gue");
                }
                (made ? shards : plain).add(folder);
            } catch (IOException e) {
                throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
            }
        }
        List<LabelledFile> files = plain.isEmpty() ? List.of() : LabelledFile.find(plain, hadoop);
        return new AuditRows(spark, files, shards);
    }

    /**
     * Checksums of all that is read.
     *
     * @return one line for each file or shards folder
     */
    List<String> checksums() {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        List<String> lines = new ArrayList<>();
        files.forEach(file -> lines.add(Artefact.sha256(file.path(), hadoop) + " " + file.path()));
        shards.forEach(folder ->
                lines.add(Artefact.sha256(folder + "/manifest.json", hadoop) + " " + folder + "/manifest.json"));
        return lines;
    }

    /**
     * Reads the rows.
     *
     * @param labels what a label in a file says
     * @return a table as {@link Columns#ROWS}
     * @throws InputException if a file is bad; with the first error of each bad file
     */
    Dataset<Row> read(LabelRule labels) {
        List<JavaRDD<Row>> parts = new ArrayList<>();
        if (!files.isEmpty()) {
            parts.add(fromFiles(labels));
        }
        for (String folder : shards) {
            parts.add(fromShards(folder));
        }
        JavaRDD<Row> all = parts.stream().reduce(JavaRDD::union).orElseThrow();
        return spark.createDataFrame(all, Columns.ROWS);
    }

    private JavaRDD<Row> fromFiles(LabelRule labels) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        JavaRDD<LabelledFile> tasks =
                JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(files, files.size());
        // An exception would cross the network as text only and be tried again.
        String errors = tasks.map(file -> error(file, labels, hadoop)).collect().stream()
                .filter(error -> !error.isEmpty())
                .collect(Collectors.joining("\n"));
        if (!errors.isEmpty()) {
            throw new InputException(errors);
        }
        return tasks.flatMap(file -> {
            List<LabelledSequence> rows = file.read(labels, hadoop.value());
            return IntStream.range(0, rows.size())
                    .mapToObj(i -> row(
                            file.task(),
                            file.split(),
                            i,
                            rows.get(i).id(),
                            rows.get(i).label(),
                            rows.get(i).sequence()))
                    .iterator();
        });
    }

    private static String error(LabelledFile file, LabelRule labels, SerializableConfiguration hadoop) {
        try {
            file.read(labels, hadoop.value());
            return "";
        } catch (InputException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private JavaRDD<Row> fromShards(String folder) {
        return spark.read()
                .option("basePath", folder)
                .parquet(folder + "/split=*")
                .select("task", "split", "row", "id", "label", "sequence")
                .toJavaRDD()
                .map(row -> row(
                        row.getString(0),
                        LabelledSplit.valueOf(row.getString(1).toUpperCase(Locale.ROOT)),
                        row.getInt(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getString(5)));
    }

    private static Row row(String task, LabelledSplit split, int number, String id, int label, String sequence) {
        String bases = sequence.replace('U', 'T');
        String other = Nucleotides.reverseComplement(bases);
        return RowFactory.create(
                task,
                split.label(),
                split.ordinal(),
                number,
                id,
                label,
                bases,
                bases.compareTo(other) <= 0 ? bases : other);
    }
}

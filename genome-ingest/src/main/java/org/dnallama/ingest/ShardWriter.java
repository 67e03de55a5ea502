package org.dnallama.ingest;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.sum;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.CollectionAccumulator;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.shard.ShardManifest.SplitCounts;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.TaskProgress;

/** Runs the range tasks on Spark and writes their rows, the same rows in the same files on any number of executors. */
final class ShardWriter {

    private static final StructType COLUMNS = new StructType()
            .add("contig", DataTypes.StringType, false)
            .add("start", DataTypes.LongType, false)
            .add("end", DataTypes.LongType, false)
            .add("strand", DataTypes.StringType, false)
            .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("soft_mask", DataTypes.createArrayType(DataTypes.FloatType, false), false)
            .add("bases", DataTypes.IntegerType, false)
            .add("split", DataTypes.StringType, false)
            .add("shard", DataTypes.IntegerType, false)
            .add("order", DataTypes.LongType, false);

    private final SparkSession spark;
    private final Artefact artefact;
    private final int shards;

    ShardWriter(SparkSession spark, Artefact artefact, int shards) {
        this.spark = spark;
        this.artefact = artefact;
        this.shards = shards;
    }

    /**
     * What was written.
     *
     * @param bases where the input's bases went
     * @param splits what each split holds, counted in the files
     */
    record Written(BaseCounts bases, Map<Split, SplitCounts> splits) {}

    /**
     * Runs all tasks.
     *
     * @param tasks at least one
     * @param shared what they need
     * @return what was written
     * @throws IOException if the output cannot be written
     * @throws IllegalStateException if the files do not hold the rows that the tasks made
     */
    Written write(List<RangeTask> tasks, RangeTask.Shared shared) throws IOException {
        Path rows = new Path(artefact.folder(), "rows");
        CollectionAccumulator<RangeTask.Counted> counted = spark.sparkContext().collectionAccumulator("ranges");
        try (TaskProgress progress =
                TaskProgress.show(spark, "ingest", tasks.size() + Split.values().length * shards)) {
            frame(tasks, shared, counted)
                    .repartition(Split.values().length * shards, col("split"), col("shard"))
                    .sortWithinPartitions("split", "shard", "order", "contig", "start", "end")
                    .drop("order")
                    .write()
                    .mode(SaveMode.Overwrite)
                    .option("compression", "zstd")
                    .partitionBy("split", "shard")
                    .parquet(rows.toString());
            progress.complete();
        }
        Map<Integer, RangeTask.Counted> byTask = new HashMap<>();
        counted.value().forEach(one -> byTask.put(one.index(), one));
        BaseCounts bases =
                byTask.values().stream().map(RangeTask.Counted::bases).reduce(BaseCounts.ZERO, BaseCounts::plus);
        long made = byTask.values().stream().mapToLong(RangeTask.Counted::rows).sum();
        Map<Split, SplitCounts> splits = made == 0 ? Map.of() : countWritten(rows);
        long found = splits.values().stream().mapToLong(SplitCounts::rows).sum();
        if (byTask.size() != tasks.size() || made != found) {
            throw new IllegalStateException(
                    byTask.size() + " of " + tasks.size() + " ranges made " + made + " rows, the files hold " + found);
        }
        arrange(rows);
        return new Written(bases, splits);
    }

    private Dataset<Row> frame(
            List<RangeTask> tasks, RangeTask.Shared shared, CollectionAccumulator<RangeTask.Counted> counted) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<RangeTask.Shared> everywhere = context.broadcast(shared);
        int shardCount = shards;
        JavaRDD<Row> rows = context.parallelize(tasks, tasks.size()).flatMap(task -> {
            RangeTokenizer.Result result = task.run(everywhere.value());
            counted.add(new RangeTask.Counted(task.index(), result.rows().size(), result.counts()));
            return result.rows().stream().map(row -> sparkRow(row, shardCount)).iterator();
        });
        return spark.createDataFrame(rows, COLUMNS);
    }

    private static Row sparkRow(ShardRow row, int shards) {
        return RowFactory.create(
                row.interval().contig(),
                row.interval().start(),
                row.interval().end(),
                "+",
                row.tokens(),
                row.softMask(),
                row.bases(),
                row.split().label(),
                row.shard(shards),
                row.order());
    }

    private Map<Split, SplitCounts> countWritten(Path rows) {
        Map<Split, SplitCounts> splits = new EnumMap<>(Split.class);
        for (Row row : spark.read()
                .parquet(rows.toString())
                .groupBy("split")
                .agg(count(lit(1)), sum(size(col("tokens"))), sum("bases"))
                .collectAsList()) {
            splits.put(
                    Split.valueOf(row.getString(0).toUpperCase(Locale.ROOT)),
                    new SplitCounts(row.getLong(1), row.getLong(2), row.getLong(3)));
        }
        return splits;
    }

    // From Spark's split=S/shard=N/part-….parquet to split=S/part-N.parquet.
    private void arrange(Path rows) throws IOException {
        FileSystem files = artefact.fileSystem();
        for (Split split : Split.values()) {
            String name = "split=" + split.label();
            Path target = new Path(artefact.folder(), name);
            files.delete(target, true);
            files.mkdirs(target);
            for (int shard = 0; shard < shards; shard++) {
                for (Path part : parts(new Path(rows, name + "/shard=" + shard))) {
                    Path place = new Path(target, String.format(Locale.ROOT, "part-%05d.parquet", shard));
                    if (files.exists(place) || !files.rename(part, place)) {
                        throw new IOException("cannot rename " + part + " to " + place);
                    }
                }
            }
        }
        files.delete(rows, true);
    }

    private List<Path> parts(Path folder) throws IOException {
        List<Path> parts = new ArrayList<>();
        if (artefact.fileSystem().exists(folder)) {
            for (FileStatus file : artefact.fileSystem().listStatus(folder)) {
                parts.add(file.getPath());
            }
        }
        return parts;
    }
}

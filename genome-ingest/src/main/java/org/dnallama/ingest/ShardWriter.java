package org.dnallama.ingest;

import static org.apache.spark.sql.functions.col;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.hash.Murmur3_x86_32;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.TaskProgress;
import org.dnallama.token.Tokenizer;

/** Runs the range tasks on Spark and writes their rows, the same rows in the same files on any number of executors. */
final class ShardWriter {

    private static final StructType COLUMNS = new StructType()
            .add("place", DataTypes.IntegerType, false)
            .add("order", DataTypes.LongType, false)
            .add("slot", DataTypes.IntegerType, false)
            .add("row", DataTypes.BinaryType, false);

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final Artefact artefact;
    private final int shards;
    private final ShardFormat format;

    /**
     * Makes a writer.
     *
     * @param spark the session
     * @param artefact where to write
     * @param shards files of each split, at least 1
     * @param packedLength tokens in a packed row; 0 for a window a row
     */
    ShardWriter(SparkSession spark, Artefact artefact, int shards, int packedLength) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.artefact = artefact;
        this.shards = shards;
        this.format = new ShardFormat(artefact.folder().toString(), packedLength);
    }

    /**
     * What was written.
     *
     * @param bases where the bases of all tasks went
     * @param shards the files, in order; those without a row are left out
     */
    record Written(BaseCounts bases, List<Shard> shards) {}

    /**
     * Runs all tasks. Files that an earlier run of the same job finished are kept.
     *
     * @param tasks what to do
     * @param shared what they need
     * @return what was written
     * @throws IOException if the output cannot be written
     * @throws IllegalStateException if the files do not hold what the tasks made
     */
    Written write(List<RangeTask> tasks, RangeTask.Shared shared) throws IOException {
        FileSystem files = artefact.fileSystem();
        for (Split split : Split.values()) {
            files.mkdirs(new Path(artefact.folder(), "split=" + split.label()));
        }
        List<Shard> all = new ArrayList<>(FinishedShards.read(files, artefact.folder()));
        Set<Integer> finished = all.stream()
                .map(shard -> new ShardSlot(shard.split(), shard.number()).index())
                .collect(Collectors.toSet());
        CollectionAccumulator<RangeTask.Counted> counted = spark.sparkContext().collectionAccumulator("ranges");
        int slots = Split.values().length * shards;
        if (!tasks.isEmpty()) {
            try (TaskProgress progress = TaskProgress.show(spark, "ingest", tasks.size() + slots)) {
                JavaRDD<Row> rows = Stages.named(
                        context,
                        "Tokens of " + tasks.size() + " ranges",
                        () -> rows(tasks, shared, counted, finished, slots));
                all.addAll(Stages.named(context, "Write up to " + slots + " shards", () -> write(rows, shared)));
                progress.complete();
            }
        }
        all.sort(Comparator.comparing(Shard::file));
        Map<Integer, RangeTask.Counted> byTask = new HashMap<>();
        counted.value().forEach(one -> byTask.put(one.index(), one));
        requireComplete(tasks, byTask, all);
        tidy(files);
        return new Written(
                byTask.values().stream().map(RangeTask.Counted::bases).reduce(BaseCounts.ZERO, BaseCounts::plus), all);
    }

    private static void requireComplete(
            List<RangeTask> tasks, Map<Integer, RangeTask.Counted> byTask, List<Shard> shards) {
        long made =
                byTask.values().stream().mapToLong(RangeTask.Counted::tokens).sum();
        long found = shards.stream().mapToLong(shard -> shard.counts().tokens()).sum();
        if (byTask.size() != tasks.size() || made != found) {
            throw new IllegalStateException(byTask.size() + " of " + tasks.size() + " ranges made " + made
                    + " tokens, the files hold " + found);
        }
    }

    // Drafts of tasks that were killed, and the notes on finished files.
    private void tidy(FileSystem files) throws IOException {
        for (Split split : Split.values()) {
            for (FileStatus file : files.listStatus(new Path(artefact.folder(), "split=" + split.label()))) {
                if (file.getPath().getName().startsWith(".")) {
                    files.delete(file.getPath(), false);
                }
            }
        }
        FinishedShards.forget(files, artefact.folder());
    }

    private JavaRDD<Row> rows(
            List<RangeTask> tasks,
            RangeTask.Shared shared,
            CollectionAccumulator<RangeTask.Counted> counted,
            Set<Integer> finished,
            int slots) {
        Broadcast<RangeTask.Shared> everywhere = context.broadcast(shared);
        int shardCount = shards;
        int[] places = places(slots);
        JavaRDD<Row> rows = context.parallelize(tasks, tasks.size()).flatMap(task -> {
            RangeTokenizer.Result result = task.run(everywhere.value());
            long tokens =
                    result.rows().stream().mapToLong(row -> row.tokens().length).sum();
            counted.add(new RangeTask.Counted(task.index(), tokens, result.counts()));
            return result.rows().stream()
                    .map(row -> sparkRow(row, new ShardSlot(row.split(), row.shard(shardCount)).index(), places))
                    .filter(row -> !finished.contains(row.getInt(2)))
                    .iterator();
        });
        // Rows with the same random key are told apart by their bytes, so that the order is one in all runs.
        return spark.createDataFrame(rows, COLUMNS)
                .repartition(slots, col("place"))
                .sortWithinPartitions("slot", "order", "row")
                .toJavaRDD();
    }

    private static Row sparkRow(ShardRow row, int slot, int[] places) {
        return RowFactory.create(places[slot], row.order(), slot, RowBytes.of(row));
    }

    /**
     * Numbers that Spark's hash partitioning deals to one partition each, so that each task writes one file. Were its
     * hash another one, files would be the same and only the load less even.
     */
    static int[] places(int slots) {
        int[] places = new int[slots];
        Arrays.fill(places, -1);
        int found = 0;
        for (int number = 0; found < slots; number++) {
            int partition = Math.floorMod(Murmur3_x86_32.hashInt(number, 42), slots);
            if (places[partition] < 0) {
                places[partition] = number;
                found++;
            }
        }
        return places;
    }

    private List<Shard> write(JavaRDD<Row> rows, RangeTask.Shared shared) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Broadcast<RangeTask.Shared> everywhere = context.broadcast(shared);
        ShardFormat to = format;
        return rows.mapPartitions(partition -> {
                    Tokenizer tokenizer = everywhere.value().tokenizer();
                    return new SlotWriter(to, tokenizer, hadoop)
                            .write(partition)
                            .iterator();
                })
                .collect();
    }

    /** Writes the rows of one partition, sorted by slot. */
    private record SlotWriter(ShardFormat format, Tokenizer tokenizer, SerializableConfiguration hadoop) {

        List<Shard> write(Iterator<Row> rows) {
            List<Shard> shards = new ArrayList<>();
            try {
                Row row = rows.hasNext() ? rows.next() : null;
                while (row != null) {
                    int slot = row.getInt(2);
                    long attempt = TaskContext.get().taskAttemptId();
                    try (ShardFile file =
                            new ShardFile(ShardSlot.of(slot), format, tokenizer, attempt, hadoop.value())) {
                        for (; row != null && row.getInt(2) == slot; row = rows.hasNext() ? rows.next() : null) {
                            byte[] bytes = row.getAs(3);
                            file.add(RowBytes.read(bytes, ShardSlot.of(slot).split(), row.getLong(1)));
                        }
                        shards.add(file.finish());
                    }
                    Path folder = new Path(format.folder());
                    FinishedShards.note(folder.getFileSystem(hadoop.value()), folder, shards.get(shards.size() - 1));
                }
                return shards;
            } catch (IOException | UncheckedIOException e) {
                throw new InputException(
                        format.folder() + ": cannot be written: " + e.getMessage()
                                + "; see that there is space and permission, and run again: finished files are kept",
                        e);
            }
        }
    }
}

package org.dnallama.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.config.InputException;
import org.dnallama.shard.BaseCounts;
import org.dnallama.shard.RangeTokenizer;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.Split;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.DraftFile;
import org.dnallama.spark.Stages;
import org.dnallama.spark.TaskProgress;
import org.dnallama.token.Tokenizer;
import scala.Tuple2;

/** Runs the range tasks on Spark and writes their rows, the same rows in the same files on any number of executors. */
final class ShardWriter {

    private static final int TASKS_OF_A_CORE = 4;
    private static final int MOST_RANGES = 8;

    private final SparkSession spark;
    private final JavaSparkContext context;
    private final Artefact artefact;
    private final Buckets buckets;
    private final ShardFormat format;

    /**
     * Makes a writer.
     *
     * @param spark the session
     * @param artefact where to write
     * @param buckets how rows are dealt to files
     * @param packedLength tokens in a packed row; 0 for a window a row
     */
    ShardWriter(SparkSession spark, Artefact artefact, Buckets buckets, int packedLength) {
        this.spark = spark;
        this.context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        this.artefact = artefact;
        this.buckets = buckets;
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
        int slots = buckets.numPartitions();
        int slices = slices(tasks.size());
        if (!tasks.isEmpty()) {
            try (TaskProgress progress = TaskProgress.show(spark, "ingest", slices + slots)) {
                JavaPairRDD<Integer, byte[]> rows = Stages.named(
                        context, "Tokens of " + tasks.size() + " ranges", () -> rows(tasks, shared, counted, finished));
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
            DraftFile.removeAll(files, new Path(artefact.folder(), "split=" + split.label()));
        }
        FinishedShards.forget(files, artefact.folder());
    }

    // Spark's cost is by task, so one task does some ranges, one after the other, if there are enough for all cores.
    private int slices(int tasks) {
        int enough = TASKS_OF_A_CORE * context.defaultParallelism();
        return Math.min(tasks, Math.max(enough, tasks / MOST_RANGES));
    }

    // Rows in bundles, by buckets in order.
    private JavaPairRDD<Integer, byte[]> rows(
            List<RangeTask> tasks,
            RangeTask.Shared shared,
            CollectionAccumulator<RangeTask.Counted> counted,
            Set<Integer> finished) {
        Broadcast<RangeTask.Shared> everywhere = context.broadcast(shared);
        Buckets to = buckets;
        return context.parallelize(tasks, slices(tasks.size()))
                .flatMapToPair(task -> {
                    RangeTokenizer.Result result = task.run(everywhere.value());
                    long tokens = result.rows().stream()
                            .mapToLong(row -> row.tokens().length)
                            .sum();
                    counted.add(new RangeTask.Counted(task.index(), tokens, result.counts()));
                    return result.rows().stream()
                            .filter(row -> !finished.contains(to.slotOf(row)))
                            .collect(Collectors.groupingBy(to::bucketOf))
                            .entrySet()
                            .stream()
                            .map(bucket -> new Tuple2<>(bucket.getKey(), RowBundle.of(bucket.getValue())))
                            .iterator();
                })
                .repartitionAndSortWithinPartitions(buckets);
    }

    private List<Shard> write(JavaPairRDD<Integer, byte[]> rows, RangeTask.Shared shared) {
        SerializableConfiguration hadoop =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        Broadcast<RangeTask.Shared> everywhere = context.broadcast(shared);
        ShardFormat to = format;
        return rows.mapPartitions(bundles -> bundles.hasNext()
                        ? List.of(write(bundles, to, everywhere.value().tokenizer(), hadoop.value()))
                                .iterator()
                        : Collections.<Shard>emptyIterator())
                .collect();
    }

    /** Writes the rows of one slot, at least one, which come by buckets in order. */
    private static Shard write(
            Iterator<Tuple2<Integer, byte[]>> bundles, ShardFormat format, Tokenizer tokenizer, Configuration hadoop) {
        TaskContext task = TaskContext.get();
        ShardSlot slot = ShardSlot.of(task.partitionId());
        Path folder = new Path(format.folder());
        try (ShardFile file = new ShardFile(slot, format, tokenizer, task.taskAttemptId(), hadoop)) {
            List<byte[]> bucket = new ArrayList<>();
            int number = 0;
            while (bundles.hasNext()) {
                Tuple2<Integer, byte[]> bundle = bundles.next();
                if (bundle._1() != number) {
                    RowBundle.sorted(bucket, slot.split()).forEach(file::add);
                    bucket.clear();
                    number = bundle._1();
                }
                bucket.add(bundle._2());
            }
            RowBundle.sorted(bucket, slot.split()).forEach(file::add);
            Shard shard = file.finish();
            FinishedShards.note(folder.getFileSystem(hadoop), folder, shard);
            return shard;
        } catch (IOException | UncheckedIOException e) {
            throw new InputException(
                    folder + ": cannot be written: " + e.getMessage()
                            + "; see that there is space and permission, and run again: finished files are kept",
                    e);
        }
    }
}

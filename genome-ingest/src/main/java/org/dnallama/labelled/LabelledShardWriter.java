package org.dnallama.labelled;

import java.io.IOException;
import java.io.Serializable;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroup;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.apache.spark.Partitioner;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.DraftFile;
import org.dnallama.spark.Stages;
import org.dnallama.spark.TaskProgress;
import scala.Tuple2;

/** Writes labelled rows, the same rows in the same files on any number of executors. */
final class LabelledShardWriter {

    private static final MessageType COLUMNS = MessageTypeParser.parseMessageType("""
            message labelled {
                required binary task (STRING);
                required int32 row;
                required binary id (STRING);
                required binary sequence (STRING);
                required int32 label;
                required group tokens (LIST) { repeated group list { required int32 element; } }
                required int32 bases;
            }""");

    private final SparkSession spark;
    private final Artefact artefact;
    private final int shards;

    LabelledShardWriter(SparkSession spark, Artefact artefact, int shards) {
        this.spark = spark;
        this.artefact = artefact;
        this.shards = shards;
    }

    /** Where a row goes: its file, and its place in it. */
    private record Place(int slot, long order, String task, int row) implements Serializable {

        private static final Comparator<Place> BY_ORDER =
                (Comparator<Place> & Serializable) (a, b) -> Comparator.comparingLong(Place::order)
                        .thenComparing(Place::task)
                        .thenComparingInt(Place::row)
                        .compare(a, b);
    }

    /** One partition for each file. */
    private static final class BySlot extends Partitioner {

        private static final long serialVersionUID = 1L;
        private final int slots;

        private BySlot(int slots) {
            this.slots = slots;
        }

        @Override
        public int numPartitions() {
            return slots;
        }

        @Override
        public int getPartition(Object place) {
            return ((Place) place).slot();
        }
    }

    /**
     * Writes all rows.
     *
     * @param files that were checked, at least one
     * @param task what the tasks need
     * @param rows how many they hold
     * @throws IOException if the output cannot be written
     * @throws IllegalStateException if the shards do not hold as many rows
     */
    void write(List<LabelledFile> files, Broadcast<ImportTask> task, long rows) throws IOException {
        List<LabelledSplit> splits =
                files.stream().map(LabelledFile::split).distinct().sorted().toList();
        for (LabelledSplit split : splits) {
            Path folder = new Path(artefact.folder(), "split=" + split.label());
            artefact.fileSystem().delete(folder, true);
            artefact.fileSystem().mkdirs(folder);
        }
        int slots = splits.size() * shards;
        int perSplit = shards;
        String folder = artefact.folder().toString();
        try (TaskProgress progress = TaskProgress.show(spark, "import-gue", files.size() + slots)) {
            Stages.begin(spark.sparkContext(), "Write labelled shards");
            List<Long> written = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(files, files.size())
                    .flatMapToPair(file -> task.value()
                            .rows(file)
                            .map(row -> new Tuple2<>(place(row, splits, perSplit), row))
                            .iterator())
                    .repartitionAndSortWithinPartitions(new BySlot(slots), Place.BY_ORDER)
                    .values()
                    .mapPartitions(slot -> slot.hasNext()
                            ? List.of(write(
                                            slot,
                                            new Path(folder, name(splits, perSplit)),
                                            task.value().hadoop().value()))
                                    .iterator()
                            : Collections.<Long>emptyIterator())
                    .collect();
            progress.complete();
            for (LabelledSplit split : splits) {
                DraftFile.removeAll(artefact.fileSystem(), new Path(artefact.folder(), "split=" + split.label()));
            }
            long found = written.stream().mapToLong(Long::longValue).sum();
            if (found != rows) {
                throw new IllegalStateException("the files have " + rows + " rows, the shards " + found);
            }
        }
    }

    // The file of the task that runs.
    private static String name(List<LabelledSplit> splits, int shards) {
        int slot = TaskContext.getPartitionId();
        return String.format(
                Locale.ROOT,
                "split=%s/part-%05d.parquet",
                splits.get(slot / shards).label(),
                slot % shards);
    }

    // How many rows it wrote.
    private static long write(Iterator<ImportTask.Numbered> rows, Path place, Configuration hadoop) {
        long count = 0;
        try (DraftFile file = new DraftFile(
                place.getFileSystem(hadoop), place, TaskContext.get().taskAttemptId())) {
            ParquetWriter<Group> writer = ExampleParquetWriter.builder(file)
                    .withConf(hadoop)
                    .withType(COLUMNS)
                    .withCompressionCodec(CompressionCodecName.ZSTD)
                    .build();
            for (; rows.hasNext(); count++) {
                writer.write(group(rows.next()));
            }
            file.holdTail();
            writer.close();
            file.publish();
            return count;
        } catch (IOException e) {
            throw new InputException(
                    place.getParent() + ": cannot be written: " + e.getMessage()
                            + "; see that there is space and permission, and run again",
                    e);
        }
    }

    private static Place place(ImportTask.Numbered row, List<LabelledSplit> splits, int shards) {
        int slot = splits.indexOf(row.file().split()) * shards + Math.floorMod(row.order(), shards);
        return new Place(slot, row.order(), row.file().task(), row.number());
    }

    private static Group group(ImportTask.Numbered row) {
        Group group = new SimpleGroup(COLUMNS)
                .append("task", row.file().task())
                .append("row", row.number())
                .append("id", row.sequence().id())
                .append("sequence", ImportTask.dna(row.sequence()))
                .append("label", row.sequence().label());
        Group tokens = group.addGroup("tokens");
        for (int token : row.tokens()) {
            tokens.addGroup("list").add("element", token);
        }
        return group.append("bases", row.bases());
    }
}

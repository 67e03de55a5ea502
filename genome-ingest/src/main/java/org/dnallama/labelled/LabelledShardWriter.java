package org.dnallama.labelled;

import java.io.IOException;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.dnallama.shard.LabelledSplit;
import org.dnallama.spark.Artefact;
import org.dnallama.spark.TaskProgress;
import scala.Tuple2;

/** Writes labelled rows, the same rows in the same files on any number of executors. */
final class LabelledShardWriter {

    private static final StructType COLUMNS = new StructType()
            .add("task", DataTypes.StringType, false)
            .add("row", DataTypes.IntegerType, false)
            .add("id", DataTypes.StringType, false)
            .add("sequence", DataTypes.StringType, false)
            .add("label", DataTypes.IntegerType, false)
            .add("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add("bases", DataTypes.IntegerType, false);

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
        Path written = new Path(artefact.folder(), "rows");
        int slots = splits.size() * shards;
        int perSplit = shards;
        try (TaskProgress progress = TaskProgress.show(spark, "import-gue", files.size() + slots)) {
            spark.sparkContext().setJobDescription("write labelled shards");
            JavaRDD<Row> sorted = JavaSparkContext.fromSparkContext(spark.sparkContext())
                    .parallelize(files, files.size())
                    .flatMapToPair(file -> task.value()
                            .rows(file)
                            .map(row -> new Tuple2<>(place(row, splits, perSplit), sparkRow(row)))
                            .iterator())
                    .repartitionAndSortWithinPartitions(new BySlot(slots), Place.BY_ORDER)
                    .values();
            spark.createDataFrame(sorted, COLUMNS)
                    .write()
                    .mode(SaveMode.Overwrite)
                    .option("compression", "zstd")
                    .parquet(written.toString());
            progress.complete();
        }
        long found = spark.read().parquet(written.toString()).count();
        if (found != rows) {
            throw new IllegalStateException("the files have " + rows + " rows, the shards " + found);
        }
        arrange(written, splits);
    }

    private static Place place(ImportTask.Numbered row, List<LabelledSplit> splits, int shards) {
        int slot = splits.indexOf(row.file().split()) * shards + Math.floorMod(row.order(), shards);
        return new Place(slot, row.order(), row.file().task(), row.number());
    }

    private static Row sparkRow(ImportTask.Numbered row) {
        return RowFactory.create(
                row.file().task(),
                row.number(),
                row.sequence().id(),
                ImportTask.dna(row.sequence()),
                row.sequence().label(),
                row.tokens(),
                row.bases());
    }

    // Spark names a file after its partition, part-00003-….parquet; that partition is the slot.
    private void arrange(Path written, List<LabelledSplit> splits) throws IOException {
        FileSystem files = artefact.fileSystem();
        for (LabelledSplit split : splits) {
            Path folder = new Path(artefact.folder(), "split=" + split.label());
            files.delete(folder, true);
            files.mkdirs(folder);
        }
        for (FileStatus part : files.globStatus(new Path(written, "part-*.parquet"))) {
            int slot = Integer.parseInt(part.getPath().getName().substring(5, 10));
            String name = String.format(
                    Locale.ROOT,
                    "split=%s/part-%05d.parquet",
                    splits.get(slot / shards).label(),
                    slot % shards);
            if (!files.rename(part.getPath(), new Path(artefact.folder(), name))) {
                throw new IOException("cannot rename " + part.getPath() + " to " + name);
            }
        }
        files.delete(written, true);
    }
}

package org.dnallama.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSplit;

/** Reads sequences of two classes back from labelled shards, in the order of the file that they were made from. */
public final class LabelledShards {

    private LabelledShards() {}

    private record Numbered(String task, int row, LabelledSequence sequence) {}

    /**
     * Tells whether a folder holds shards.
     *
     * @param folder any path
     * @param hadoop file system settings
     * @return true if it has folders of splits, finished or not
     * @throws IOException if the file system cannot be reached
     */
    public static boolean isAt(String folder, Configuration hadoop) throws IOException {
        Path root = new Path(folder);
        FileSystem fileSystem = root.getFileSystem(hadoop);
        // Below a file no file system likes to be asked.
        return fileSystem.exists(root)
                && fileSystem.getFileStatus(root).isDirectory()
                && fileSystem.globStatus(new Path(root, "split=*")).length > 0;
    }

    /**
     * All rows of a split.
     *
     * @param folder finished labelled shards of one data set
     * @param split which part
     * @param hadoop file system settings
     * @return the rows, at least one
     * @throws InputException if the folder is not finished, a file is damaged, the split has no rows, rows are of
     *     several data sets, or a label is neither 0 nor 1
     */
    public static List<LabelledSequence> read(String folder, LabelledSplit split, Configuration hadoop) {
        List<Numbered> rows = new ArrayList<>();
        try {
            Path root = new Path(folder);
            FileSystem fileSystem = root.getFileSystem(hadoop);
            if (!fileSystem.exists(new Path(root, "_SUCCESS"))) {
                throw new InputException(folder + ": has no _SUCCESS; give the output of a finished import-gue");
            }
            for (FileStatus file : fileSystem.globStatus(new Path(root, "split=" + split.label() + "/*.parquet"))) {
                read(file.getPath(), hadoop, rows);
            }
        } catch (IOException e) {
            throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new InputException(folder + ": has no rows in split=" + split.label()
                    + "; import a data set that has " + split.label());
        }
        List<String> tasks =
                rows.stream().map(Numbered::task).distinct().sorted().toList();
        if (tasks.size() > 1) {
            throw new InputException(folder + ": holds the data sets " + String.join(", ", tasks)
                    + ", whose splits may overlap; import one of them alone");
        }
        rows.sort(Comparator.comparingInt(Numbered::row));
        return rows.stream().map(Numbered::sequence).toList();
    }

    private static void read(Path file, Configuration hadoop, List<Numbered> rows) {
        try (ParquetReader<Group> reader = ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(hadoop)
                .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                int label = row.getInteger("label", 0);
                String id = row.getString("id", 0);
                if (label > 1) {
                    throw new InputException(
                            file + ": row " + id + " is of class " + label + "; a two-class model takes 0 and 1 only");
                }
                rows.add(new Numbered(
                        row.getString("task", 0),
                        row.getInteger("row", 0),
                        new LabelledSequence(id, row.getString("sequence", 0), label)));
            }
        } catch (InputException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // Parquet says by all kinds of runtime exceptions that a file is damaged or holds something else.
            throw new InputException(
                    file + ": is no readable labelled shard: " + e.getMessage() + "; run import-gue again", e);
        }
    }
}

package org.dnallama.labelled;

import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.config.InputException;
import org.dnallama.shard.InstructionRows;
import org.dnallama.shard.LabelRule;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;

/**
 * One file of a labelled data set.
 *
 * @param task its data set: the folder's name, or its path below the folder of folders that was given
 * @param split which part
 * @param path the file
 */
public record LabelledFile(String task, LabelledSplit split, String path) implements Serializable {

    private static final List<String> ENDINGS = List.of(".csv", ".json", ".jsonl");

    /**
     * Finds the files of data sets: {@code train}, {@code dev} and {@code test} with the ending csv, json or jsonl.
     *
     * @param folders each a data set, or a folder with data sets at any depth
     * @param hadoop file system settings
     * @return at least one file, by data set and split
     * @throws InputException if a folder is missing or holds no such file, a split has two files, or two data sets have
     *     one name
     */
    public static List<LabelledFile> find(List<String> folders, Configuration hadoop) {
        List<LabelledFile> all = new ArrayList<>();
        Set<String> tasks = new HashSet<>();
        for (String folder : folders) {
            List<LabelledFile> found = new ArrayList<>();
            try {
                Path root = new Path(folder);
                FileSystem fileSystem = root.getFileSystem(hadoop);
                if (!fileSystem.exists(root) || !fileSystem.getFileStatus(root).isDirectory()) {
                    throw new InputException(folder + ": no such folder; give one that holds train.csv and so on");
                }
                collect(fileSystem, fileSystem.makeQualified(root), "", found);
            } catch (IOException e) {
                throw new InputException(folder + ": cannot be read: " + e.getMessage(), e);
            }
            if (found.isEmpty()) {
                throw new InputException(
                        folder + ": neither it nor a folder in it has a file train, dev or test ending in "
                                + String.join(", ", ENDINGS) + "; name the files so");
            }
            for (String task : found.stream().map(LabelledFile::task).distinct().toList()) {
                if (!tasks.add(task)) {
                    throw new InputException(folder + ": two data sets are called " + task + "; rename one folder");
                }
            }
            all.addAll(found);
        }
        all.sort(Comparator.comparing(LabelledFile::task).thenComparing(LabelledFile::split));
        return all;
    }

    private static void collect(FileSystem fileSystem, Path folder, String below, List<LabelledFile> found)
            throws IOException {
        String task = below.isEmpty() ? folder.getName() : below;
        for (LabelledSplit split : LabelledSplit.values()) {
            fileOf(fileSystem, folder, split)
                    .ifPresent(file -> found.add(new LabelledFile(task, split, file.toString())));
        }
        FileStatus[] entries = fileSystem.listStatus(folder);
        Arrays.sort(entries);
        for (FileStatus entry : entries) {
            String name = entry.getPath().getName();
            if (entry.isDirectory() && !name.startsWith(".")) {
                collect(fileSystem, entry.getPath(), below.isEmpty() ? name : below + "/" + name, found);
            }
        }
    }

    private static Optional<Path> fileOf(FileSystem fileSystem, Path folder, LabelledSplit split) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String ending : ENDINGS) {
            Path file = new Path(folder, split.label() + ending);
            if (fileSystem.exists(file) && fileSystem.getFileStatus(file).isFile()) {
                files.add(file);
            }
        }
        if (files.size() > 1) {
            throw new InputException(folder + ": has " + files.get(0).getName() + " and "
                    + files.get(1).getName() + "; keep one file for " + split.label());
        }
        return files.stream().findFirst();
    }

    /**
     * Reads the rows.
     *
     * @param labels what the labels say
     * @param hadoop file system settings
     * @return the rows, in file order, at least one
     * @throws InputException if the file is bad; the message has file, line, value and remedy
     */
    public List<LabelledSequence> read(LabelRule labels, Configuration hadoop) {
        Path file = new Path(path);
        try (InputStream in = file.getFileSystem(hadoop).open(file)) {
            return path.endsWith(".csv")
                    ? LabelledSequences.read(in, path, labels)
                    : InstructionRows.read(in, path, labels);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Names of data sets.
     *
     * @param files of any
     * @return each name once, in order
     */
    public static List<String> tasks(List<LabelledFile> files) {
        return files.stream().map(LabelledFile::task).distinct().toList();
    }

    /**
     * The files of one data set.
     *
     * @param files of any
     * @param task its name
     * @return those files, by split
     */
    public static Stream<LabelledFile> ofTask(List<LabelledFile> files, String task) {
        return files.stream().filter(file -> file.task.equals(task));
    }
}

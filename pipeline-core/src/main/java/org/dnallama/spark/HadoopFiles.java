package org.dnallama.spark;

import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;
import org.dnallama.dna.GenomeFiles;

/** Sequence files on any Hadoop file system; a path without a scheme lies on the default one. */
public final class HadoopFiles implements GenomeFiles {

    private static final long serialVersionUID = 1L;

    private static final Pattern FASTA = Pattern.compile(".*\\.(fa|fasta|fna|fas)(\\.(gz|bgz|bgzip))?");
    private static final Pattern BESIDE = Pattern.compile("[._].*|.*\\.(fai|gzi|dict|crc)");

    private final SerializableConfiguration hadoop;

    /**
     * Takes the settings of the file systems.
     *
     * @param hadoop such as the Spark context's
     */
    public HadoopFiles(Configuration hadoop) {
        this.hadoop = new SerializableConfiguration(hadoop);
    }

    @Override
    public SeekableStream open(String path) throws IOException {
        Path place = place(path);
        FileSystem files = fileSystem(place);
        // Object stores then ask for the bytes of each read only, not for all up to the end.
        FSDataInputStream in = HadoopStreams.await(files.openFile(place)
                .opt("fs.option.openfile.read.policy", "random")
                .opt("fs.s3a.experimental.input.fadvise", "random")
                .build());
        return new HadoopStreams.Seekable(path, in, files.getFileStatus(place).getLen());
    }

    @Override
    public InputStream stream(String path) throws IOException {
        Path place = place(path);
        return fileSystem(place).open(place);
    }

    @Override
    public boolean exists(String path) throws IOException {
        Path place = place(path);
        try {
            return fileSystem(place).getFileStatus(place).isFile();
        } catch (FileNotFoundException e) {
            return false;
        }
    }

    @Override
    public List<String> find(String path) throws IOException {
        if (exists(path)) {
            return List.of(path);
        }
        Path place = place(path);
        FileSystem files = fileSystem(place);
        boolean folder = files.exists(place);
        FileStatus[] found = folder ? files.listStatus(place) : files.globStatus(place);
        List<String> paths = new ArrayList<>();
        for (FileStatus one : found == null ? new FileStatus[0] : found) {
            String name = one.getPath().getName();
            if (one.isFile()
                    && !BESIDE.matcher(name).matches()
                    && (!folder || FASTA.matcher(name).matches())) {
                paths.add(one.getPath().toString());
            }
        }
        Collections.sort(paths);
        return paths;
    }

    @Override
    public OutputStream create(String path) throws IOException {
        Path place = place(path);
        return fileSystem(place).create(place, true);
    }

    @Override
    public void write(String path, byte[] content) throws IOException {
        Path place = place(path);
        FileSystem files = fileSystem(place);
        Path draft = new Path(
                place.getParent(),
                "." + place.getName() + "." + ProcessHandle.current().pid());
        try {
            try (OutputStream out = files.create(draft, true)) {
                out.write(content);
            }
            if (!files.rename(draft, place)) {
                throw new IOException("cannot rename " + draft + " to " + place);
            }
        } catch (IOException e) {
            files.delete(draft, false);
            throw e;
        }
    }

    private static Path place(String path) throws IOException {
        try {
            return new Path(path);
        } catch (IllegalArgumentException e) {
            throw new IOException("'" + path + "' is no path: " + e.getMessage(), e);
        }
    }

    // The local file system without Hadoop's checksums, which would leave .crc files beside the user's.
    private FileSystem fileSystem(Path place) throws IOException {
        FileSystem files = FileSystems.of(place, hadoop.value());
        return files instanceof LocalFileSystem local ? local.getRawFileSystem() : files;
    }
}

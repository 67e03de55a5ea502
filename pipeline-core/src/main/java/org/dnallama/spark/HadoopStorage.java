package org.dnallama.spark;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSError;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.checkpoint.Storage;

/** A folder on any Hadoop file system. */
public final class HadoopStorage implements Storage {

    private final FileSystem fileSystem;
    private final Path folder;

    /**
     * A view of a folder, which need not exist yet.
     *
     * @param folder its path or URI
     * @param hadoop file system settings
     * @throws IOException if the file system cannot be reached
     */
    public HadoopStorage(String folder, Configuration hadoop) throws IOException {
        this.folder = new Path(folder);
        this.fileSystem = FileSystems.of(this.folder, hadoop);
    }

    /**
     * A view of a folder, with the file system settings that are on the class path.
     *
     * @param folder its path or URI
     * @throws IOException if the file system cannot be reached
     */
    public HadoopStorage(String folder) throws IOException {
        this(folder, new Configuration());
    }

    @Override
    public InputStream open(String path) throws IOException {
        return fileSystem.open(new Path(folder, path));
    }

    @Override
    public OutputStream create(String path) throws IOException {
        Path file = new Path(folder, path);
        return new NamedOutput(fileSystem.create(file, true), file);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return fileSystem.exists(new Path(folder, path));
    }

    @Override
    public List<String> list(String path) throws IOException {
        Path place = new Path(folder, path);
        List<String> names = new ArrayList<>();
        if (fileSystem.exists(place)) {
            for (FileStatus status : fileSystem.listStatus(place)) {
                names.add(status.getPath().getName());
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void rename(String from, String to) throws IOException {
        if (!fileSystem.rename(new Path(folder, from), new Path(folder, to))) {
            throw new IOException("cannot rename " + new Path(folder, from) + " to " + to);
        }
    }

    @Override
    public void delete(String path) throws IOException {
        fileSystem.delete(new Path(folder, path), true);
    }

    /** Empty also for a file with a checksum beside it: only Hadoop's own stream compares that. */
    @Override
    public Optional<java.nio.file.Path> local(String path) {
        if (!"file".equals(fileSystem.getUri().getScheme())) {
            return Optional.empty();
        }
        java.nio.file.Path file = java.nio.file.Path.of(
                fileSystem.makeQualified(new Path(folder, path)).toUri().getPath());
        java.nio.file.Path checksum = file.resolveSibling("." + file.getFileName() + ".crc");
        return Files.exists(checksum) ? Optional.empty() : Optional.of(file);
    }

    @Override
    public String describe() {
        return folder.toString();
    }

    /** A file whose failures name it. Hadoop's local file system tells of a full disk by an error without a place. */
    private static final class NamedOutput extends OutputStream {

        private final OutputStream out;
        private final Path file;

        NamedOutput(OutputStream out, Path file) {
            this.out = out;
            this.file = file;
        }

        @FunctionalInterface
        private interface Work {
            void run() throws IOException;
        }

        private void named(Work work) throws IOException {
            try {
                work.run();
            } catch (FSError e) {
                throw named(e.getCause() == null ? e : e.getCause());
            } catch (IOException e) {
                throw named(e);
            }
        }

        private IOException named(Throwable e) {
            return new IOException(file + ": " + e.getMessage(), e);
        }

        @Override
        public void write(int value) throws IOException {
            named(() -> out.write(value));
        }

        @Override
        public void write(byte[] bytes, int offset, int count) throws IOException {
            named(() -> out.write(bytes, offset, count));
        }

        @Override
        public void flush() throws IOException {
            named(out::flush);
        }

        @Override
        public void close() throws IOException {
            named(out::close);
        }
    }
}

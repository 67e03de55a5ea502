package org.dnallama.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.dnallama.spark.Artefact;
import org.jspecify.annotations.Nullable;

/** A file for Parquet to write that takes its checksum on the way, before any disk can change a byte. */
final class DigestFile implements OutputFile {

    private final FileSystem fileSystem;
    private final Path place;
    private final MessageDigest digest;
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private @Nullable FSDataOutputStream open;
    private boolean holding;
    private long bytes;

    DigestFile(FileSystem fileSystem, Path place) {
        this.fileSystem = fileSystem;
        this.place = place;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Keeps all that follows in memory until the file is closed, so that its footer can be put in order; to be called
     * before the last row group is written.
     */
    void holdTail() {
        holding = true;
    }

    /**
     * Throws a file away that is not whole; does nothing if it is. To close a stream into an object store is to publish
     * what is in it, maybe over what another attempt has published; so there it is aborted, or else left open.
     *
     * @throws IOException if it cannot be thrown away
     */
    void abandon() throws IOException {
        if (open == null) {
            return;
        }
        if (open.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
            open.abort();
        } else if (!Artefact.writesInPlace(fileSystem)) {
            try (OutputStream unfinished = open) {
                fileSystem.delete(place, false);
            }
        }
    }

    long bytes() {
        return bytes;
    }

    /** The checksum of all that was written; to be asked for once, at the end. */
    String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        FSDataOutputStream out = fileSystem.create(place, true);
        open = out;
        return new PositionOutputStream() {
            @Override
            public long getPos() {
                return bytes;
            }

            @Override
            public void write(int value) throws IOException {
                write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] chunk, int offset, int length) throws IOException {
                if (holding) {
                    tail.write(chunk, offset, length);
                } else {
                    out.write(chunk, offset, length);
                    digest.update(chunk, offset, length);
                }
                bytes += length;
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                // After an error there is no footer.
                if (tail.size() > 0) {
                    byte[] end = FooterOrder.ordered(tail.toByteArray());
                    bytes += end.length - tail.size();
                    tail.reset();
                    out.write(end);
                    digest.update(end);
                }
                out.close();
                open = null;
            }
        };
    }

    @Override
    public boolean supportsBlockSize() {
        return false;
    }

    @Override
    public long defaultBlockSize() {
        return 0;
    }
}

package org.dnallama.spark;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.StreamCapabilities;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;
import org.dnallama.config.Digests;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file of an artefact in the making. It has a draft's name until it is whole, unless the store shows no file
 * before it is whole. Its checksum is taken on the way, before any disk can change a byte; equal rows give equal bytes.
 */
public final class DraftFile implements OutputFile, Closeable {

    private final FileSystem fileSystem;
    private final Path place;
    private final Path draft;
    private final MessageDigest digest;
    private final ByteArrayOutputStream tail = new ByteArrayOutputStream();
    private @Nullable FSDataOutputStream open;
    private boolean holding;
    private long bytes;

    /**
     * Plans a file.
     *
     * @param fileSystem that holds it
     * @param place its final place
     * @param attempt told apart from other tasks that may write the same file
     */
    public DraftFile(FileSystem fileSystem, Path place, long attempt) {
        this.fileSystem = fileSystem;
        this.place = place;
        this.draft = Artefact.writesInPlace(fileSystem)
                ? place
                : new Path(place.getParent(), "." + place.getName() + "." + attempt);
        this.digest = Digests.sha256();
    }

    /**
     * Removes the drafts of tasks that were killed.
     *
     * @param fileSystem that holds the folder
     * @param folder where files were published
     * @throws IOException if one cannot be removed
     */
    public static void removeAll(FileSystem fileSystem, Path folder) throws IOException {
        for (FileStatus file : fileSystem.listStatus(folder)) {
            if (file.getPath().getName().startsWith(".")) {
                fileSystem.delete(file.getPath(), false);
            }
        }
    }

    /**
     * Keeps all that follows in memory until the file is closed, so that its footer can be put in order; to be called
     * before the last row group is written.
     */
    public void holdTail() {
        holding = true;
    }

    /**
     * Gives the file its name; to be called when Parquet has closed it.
     *
     * @throws IOException if it cannot be renamed
     */
    public void publish() throws IOException {
        if (draft.equals(place)) {
            return;
        }
        if (fileSystem.exists(place)) {
            fileSystem.delete(place, false);
        }
        if (!fileSystem.rename(draft, place)) {
            throw new IOException("cannot rename " + draft + " to " + place);
        }
    }

    /**
     * Throws a file away that is not whole; does nothing if it is. To close a stream into an object store is to publish
     * what is in it, maybe over what another attempt has published; so there it is aborted, or else left open.
     *
     * @throws IOException if it cannot be thrown away
     */
    @Override
    public void close() throws IOException {
        if (open == null) {
            return;
        }
        if (open.hasCapability(StreamCapabilities.ABORTABLE_STREAM)) {
            open.abort();
        } else if (!Artefact.writesInPlace(fileSystem)) {
            try (OutputStream unfinished = open) {
                fileSystem.delete(draft, false);
            }
        }
    }

    /**
     * The size of what was written.
     *
     * @return bytes
     */
    public long bytes() {
        return bytes;
    }

    /**
     * The checksum of all that was written; to be asked for once, at the end.
     *
     * @return SHA-256, in lower-case hexadecimal
     */
    public String sha256() {
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public PositionOutputStream create(long blockSizeHint) throws IOException {
        return createOrOverwrite(blockSizeHint);
    }

    @Override
    public PositionOutputStream createOrOverwrite(long blockSizeHint) throws IOException {
        FSDataOutputStream out = fileSystem.create(draft, true);
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

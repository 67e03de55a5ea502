package org.dnallama.ingest;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.PositionOutputStream;

/** A file for Parquet to write that takes its checksum on the way, before any disk can change a byte. */
final class DigestFile implements OutputFile {

    private final FileSystem fileSystem;
    private final Path place;
    private final MessageDigest digest;
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
        OutputStream out = fileSystem.create(place, true);
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
                out.write(chunk, offset, length);
                digest.update(chunk, offset, length);
                bytes += length;
            }

            @Override
            public void flush() throws IOException {
                out.flush();
            }

            @Override
            public void close() throws IOException {
                out.close();
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

package org.dnallama.spark;

import java.io.IOException;
import java.net.URI;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** The local file system under another scheme; it counts the bytes that are read, as a network would. */
public final class CountingFileSystem extends RawLocalFileSystem {

    static final AtomicLong BYTES = new AtomicLong();

    @Override
    public URI getUri() {
        return URI.create("counting:///");
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        return new FSDataInputStream(new Counting(super.open(path, bufferSize)));
    }

    private static final class Counting extends FSInputStream {

        private final FSDataInputStream in;

        Counting(FSDataInputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            BYTES.incrementAndGet();
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int bytes = in.read(buffer, offset, length);
            BYTES.addAndGet(Math.max(0, bytes));
            return bytes;
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public long getPos() throws IOException {
            return in.getPos();
        }

        @Override
        public boolean seekToNewSource(long position) throws IOException {
            return in.seekToNewSource(position);
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

package org.dnallama.spark;

import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.apache.hadoop.fs.FSDataInputStream;

/** Hadoop's input streams as htsjdk knows streams. */
final class HadoopStreams {

    private HadoopStreams() {}

    /** Waits for a file to be opened. */
    static FSDataInputStream await(CompletableFuture<FSDataInputStream> opening) throws IOException {
        try {
            return opening.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while a file was opened");
        }
    }

    /** A stream that can be moved; a read asks the file system for just its bytes. */
    static final class Seekable extends SeekableStream {

        private final String source;
        private final FSDataInputStream in;
        private final long length;

        Seekable(String source, FSDataInputStream in, long length) {
            this.source = source;
            this.in = in;
            this.length = length;
        }

        @Override
        public long length() {
            return length;
        }

        @Override
        public long position() throws IOException {
            return in.getPos();
        }

        @Override
        public void seek(long position) throws IOException {
            in.seek(position);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] buffer, int offset, int bytes) throws IOException {
            return in.read(buffer, offset, bytes);
        }

        @Override
        public boolean eof() throws IOException {
            return in.getPos() >= length;
        }

        @Override
        public String getSource() {
            return source;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}

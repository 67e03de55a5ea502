package org.dnallama.dna;

import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.Inflater;
import org.dnallama.config.InputException;

/**
 * Any part of a file's text, whether it is compressed or not; one part is one read of just its bytes. Not for use by
 * several threads.
 */
final class FastaText implements Closeable {

    private final InputFile file;
    private final SeekableStream in;
    private final Inflater inflater = new Inflater(true);

    private FastaText(InputFile file, SeekableStream in) {
        this.file = file;
        this.in = in;
    }

    /**
     * Opens a text.
     *
     * @param files where it lies
     * @param file plain or bgzip
     * @return the text, to be closed by the caller
     * @throws InputException if it cannot be read any more
     */
    static FastaText open(GenomeFiles files, InputFile file) {
        try {
            return new FastaText(file, files.open(file.path()));
        } catch (IOException e) {
            throw new InputException(file.path() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    long length() {
        return file.textLength();
    }

    /**
     * Reads a part.
     *
     * @param start first byte, at least 0
     * @param end byte after the last, at most the text's length
     * @return its bytes
     * @throws InputException if the file was changed, cut or damaged since it was looked at
     */
    byte[] read(long start, long end) {
        try {
            return file.format() == InputFile.Format.BGZIP ? inflated(start, end) : raw(start, end);
        } catch (IOException e) {
            throw new InputException(
                    file.path() + ": cannot read bytes " + start + " to " + end + " of its text: " + e.getMessage()
                            + "; fetch the file again",
                    e);
        }
    }

    private byte[] raw(long start, long end) throws IOException {
        byte[] bytes = new byte[Math.toIntExact(end - start)];
        in.seek(start);
        if (in.readNBytes(bytes, 0, bytes.length) < bytes.length) {
            throw new EOFException("the file has become shorter");
        }
        return bytes;
    }

    private byte[] inflated(long start, long end) throws IOException {
        byte[] part = new byte[Math.toIntExact(end - start)];
        if (part.length == 0) {
            return part;
        }
        BgzipBlocks blocks = file.blocks();
        int first = blocks.blockOf(start);
        int last = blocks.blockOf(end - 1);
        long base = blocks.fileStart(first);
        byte[] compressed = raw(base, blocks.fileStart(last + 1));
        byte[] text = new byte[BgzipBlock.MOST];
        for (int block = first; block <= last; block++) {
            int offset = Math.toIntExact(blocks.fileStart(block) - base);
            if (!BgzipBlock.startsAt(compressed, offset)
                    || BgzipBlock.length(compressed, offset) > compressed.length - offset) {
                throw new IOException("no bgzip block starts at byte " + blocks.fileStart(block) + " any more");
            }
            int length = BgzipBlock.inflate(compressed, offset, inflater, text, 0);
            if (length != blocks.textStart(block + 1) - blocks.textStart(block)) {
                throw new IOException("the block at byte " + blocks.fileStart(block) + " has changed");
            }
            int skipped = Math.toIntExact(Math.max(0, start - blocks.textStart(block)));
            int place = Math.toIntExact(Math.max(0, blocks.textStart(block) - start));
            System.arraycopy(text, skipped, part, place, Math.min(length - skipped, part.length - place));
        }
        return part;
    }

    @Override
    public void close() throws IOException {
        inflater.end();
        in.close();
    }
}

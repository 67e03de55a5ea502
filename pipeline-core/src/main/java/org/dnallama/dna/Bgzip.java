package org.dnallama.dna;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.zip.GZIPInputStream;
import org.dnallama.config.InputException;

/** Makes files whose parts can be read apart. */
public final class Bgzip {

    private static final int BUFFER = 1 << 16;
    // The copy is read once or twice and then thrown away.
    private static final int FAST = 1;

    private Bgzip() {}

    /**
     * Copies a gzip file as bgzip, from its start to its end.
     *
     * @param files where both lie
     * @param gzip the gzip file
     * @param copy where to put the copy
     * @return the copy
     * @throws InputException if the file is cut or damaged
     * @throws IOException if the copy cannot be written
     */
    public static InputFile copy(GenomeFiles files, InputFile gzip, String copy) throws IOException {
        byte[] chunk = new byte[BUFFER];
        try (InputStream in = files.stream(gzip.path());
                OutputStream to = files.create(copy);
                OutputStream out = new BlockCompressedOutputStream(to, (File) null, FAST);
                InputStream text = new GZIPInputStream(in, BUFFER)) {
            for (int n = read(text, chunk, gzip); n > 0; n = read(text, chunk, gzip)) {
                out.write(chunk, 0, n);
            }
        }
        return InputFile.read(files, copy);
    }

    private static int read(InputStream text, byte[] chunk, InputFile gzip) {
        try {
            return text.read(chunk);
        } catch (IOException e) {
            throw new InputException(
                    gzip.path() + ": is cut or damaged: " + e.getMessage() + "; fetch or compress it again", e);
        }
    }
}

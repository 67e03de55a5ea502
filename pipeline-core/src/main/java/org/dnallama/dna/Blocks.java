package org.dnallama.dna;

import htsjdk.samtools.SAMException;
import htsjdk.samtools.util.BlockCompressedInputStream;
import htsjdk.samtools.util.BlockCompressedInputStream.FileTermination;
import htsjdk.samtools.util.BlockCompressedStreamConstants;
import htsjdk.samtools.util.GZIIndex;
import htsjdk.samtools.util.GZIIndex.IndexEntry;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.dnallama.config.InputException;

/** Where the blocks of a bgzip file lie: its {@code .gzi} index, in a form that can be sent to tasks. */
public final class Blocks implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Of a plain file. */
    static final Blocks NONE = new Blocks(new byte[0]);

    private final byte[] gzi;

    private Blocks(byte[] gzi) {
        this.gzi = gzi;
    }

    /**
     * Finds the blocks of a file and checks them against the index beside it, which is written when missing.
     *
     * @param file plain or bgzip
     * @return empty for a plain file
     * @throws IOException if it cannot be read
     * @throws InputException if it is cut, compressed otherwise, or its index does not fit
     */
    static Optional<Blocks> ofFile(Path file) throws IOException {
        boolean bgzip;
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            bgzip = BlockCompressedInputStream.isValidFile(in);
            if (!bgzip && in.read() == 0x1f && in.read() == 0x8b) {
                throw new InputException(file + ": is gzip but not bgzip, so its parts cannot be read apart;"
                        + " decompress it, or compress it again with bgzip");
            }
        }
        if (!bgzip) {
            return Optional.empty();
        }
        if (BlockCompressedInputStream.checkTermination(file) != FileTermination.HAS_TERMINATOR_BLOCK) {
            throw new InputException(file + ": is cut: it has " + Files.size(file)
                    + " bytes and does not end with bgzip's end-of-file block; fetch or compress it again");
        }
        GZIIndex built = GZIIndex.buildIndex(file);
        checkOrWrite(file, built);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        built.writeIndex(bytes);
        return Optional.of(new Blocks(bytes.toByteArray()));
    }

    private static void checkOrWrite(Path file, GZIIndex built) throws IOException {
        Path index = Indexes.beside(file, ".gzi");
        if (!Files.exists(index)) {
            Indexes.tryWrite(index, built::writeIndex);
            return;
        }
        GZIIndex given;
        try {
            given = GZIIndex.loadIndex(index);
        } catch (IOException | SAMException e) {
            throw Indexes.misfit(index, file, "it cannot be read (" + e.getMessage() + ")", e);
        }
        List<IndexEntry> said = starts(given, file);
        List<IndexEntry> found = starts(built, file);
        if (said.size() != found.size()) {
            throw Indexes.misfit(
                    index,
                    file,
                    "it lists " + said.size() + " blocks after the first, the file has " + found.size(),
                    null);
        }
        for (int i = 0; i < found.size(); i++) {
            if (!said.get(i).equals(found.get(i))) {
                throw Indexes.misfit(
                        index,
                        file,
                        "it says that block " + (i + 1) + " starts at byte "
                                + said.get(i).getCompressedOffset() + ", in the file it starts at byte "
                                + found.get(i).getCompressedOffset(),
                        null);
            }
        }
    }

    // Starts of all blocks but the first; htsjdk lists the end-of-file block too, bgzip does not.
    private static List<IndexEntry> starts(GZIIndex index, Path file) throws IOException {
        long endBlock = Files.size(file) - BlockCompressedStreamConstants.EMPTY_GZIP_BLOCK.length;
        return index.getIndexEntries().stream()
                .filter(entry -> entry.getCompressedOffset() != endBlock)
                .toList();
    }

    /**
     * Tells whether the file is compressed.
     *
     * @return true for bgzip
     */
    boolean compressed() {
        return gzi.length > 0;
    }

    /**
     * For htsjdk.
     *
     * @return the index; only of a compressed file
     * @throws IOException never, as it is read from memory
     */
    GZIIndex index() throws IOException {
        return GZIIndex.loadIndex("in memory", new ByteArrayInputStream(gzi));
    }
}

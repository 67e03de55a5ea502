package org.dnallama.dna;

import java.io.IOException;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The layout of one bgzip block: a gzip member whose header tells its length. */
final class BgzipBlock {

    /** Bytes of the header that bgzip writes. */
    static final int HEADER = 18;
    /** Most bytes of a block, and of its text. */
    static final int MOST = 1 << 16;

    private static final int TRAILER = 8;
    private static final int[] MAGIC = {0x1f, 0x8b, 0x08, 0x04};

    private BgzipBlock() {}

    /** Tells whether bytes start a block: a gzip header with the one extra field BC of two bytes. */
    static boolean startsAt(byte[] bytes, int offset) {
        for (int i = 0; i < MAGIC.length; i++) {
            if ((bytes[offset + i] & 0xff) != MAGIC[i]) {
                return false;
            }
        }
        return unsignedShort(bytes, offset + 10) == 6
                && bytes[offset + 12] == 'B'
                && bytes[offset + 13] == 'C'
                && unsignedShort(bytes, offset + 14) == 2
                && length(bytes, offset) >= HEADER + TRAILER;
    }

    /** Bytes of the whole block, from its header. */
    static int length(byte[] bytes, int offset) {
        return unsignedShort(bytes, offset + 16) + 1;
    }

    /** Bytes of its text, from its trailer; negative or too large if the file is damaged. */
    static int textLength(byte[] bytes, int offset, int length) {
        return littleEndian(bytes, offset + length - 4);
    }

    /**
     * Inflates a block and checks its length and checksum.
     *
     * @param bytes holds the block
     * @param offset where it starts
     * @param inflater of raw deflate data
     * @param text where to put its text
     * @param place where in it
     * @return bytes of text
     * @throws IOException if it is damaged
     */
    static int inflate(byte[] bytes, int offset, Inflater inflater, byte[] text, int place) throws IOException {
        int length = length(bytes, offset);
        int expected = textLength(bytes, offset, length);
        if (expected < 0 || expected > text.length - place) {
            throw new IOException("a block says that it holds " + expected + " bytes");
        }
        inflater.reset();
        inflater.setInput(bytes, offset + HEADER, length - HEADER - TRAILER);
        try {
            int found = 0;
            while (found < expected) {
                int more = inflater.inflate(text, place + found, expected - found);
                if (more == 0) {
                    break;
                }
                found += more;
            }
            CRC32 crc = new CRC32();
            crc.update(text, place, found);
            if (found != expected || (int) crc.getValue() != littleEndian(bytes, offset + length - TRAILER)) {
                throw new IOException("a block does not match its checksum");
            }
            return found;
        } catch (DataFormatException e) {
            throw new IOException("a block cannot be inflated", e);
        }
    }

    private static int unsignedShort(byte[] bytes, int offset) {
        return (bytes[offset] & 0xff) | (bytes[offset + 1] & 0xff) << 8;
    }

    private static int littleEndian(byte[] bytes, int offset) {
        return unsignedShort(bytes, offset) | unsignedShort(bytes, offset + 2) << 16;
    }
}

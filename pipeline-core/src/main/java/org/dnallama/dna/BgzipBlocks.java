package org.dnallama.dna;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** Where the blocks of a bgzip file lie: of each its first byte in the file and in the text, and the ends of both. */
final class BgzipBlocks implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Of a plain file. */
    static final BgzipBlocks NONE = new BgzipBlocks(new long[1], new long[1]);

    private static final int ENTRY_BYTES = 2 * Long.BYTES;

    private final long[] compressed;
    private final long[] text;

    /**
     * Takes the table.
     *
     * @param compressed where each block starts in the file, and where the last one ends; ascending
     * @param text the same of the text in them, as many
     */
    BgzipBlocks(long[] compressed, long[] text) {
        this.compressed = compressed;
        this.text = text;
    }

    int count() {
        return text.length - 1;
    }

    long textLength() {
        return text[count()];
    }

    /** The block that holds a byte of the text. */
    int blockOf(long position) {
        int found = Arrays.binarySearch(text, 0, count(), position);
        return found >= 0 ? found : -found - 2;
    }

    long fileStart(int block) {
        return compressed[block];
    }

    long textStart(int block) {
        return text[block];
    }

    /**
     * A {@code .gzi} file: the number of blocks after the first, then of each its start in the file and in the text.
     */
    byte[] toGzi() {
        int entries = Math.max(0, count() - 1);
        ByteBuffer gzi = ByteBuffer.allocate(Long.BYTES + entries * ENTRY_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        gzi.putLong(entries);
        for (int block = 1; block <= entries; block++) {
            gzi.putLong(compressed[block]).putLong(text[block]);
        }
        return gzi.array();
    }

    /**
     * Compares with a {@code .gzi} file. Some tools list the end of the text too; that is passed over.
     *
     * @param gzi its bytes
     * @return what is wrong with it; empty if nothing is
     */
    String misfitOf(byte[] gzi) {
        ByteBuffer in = ByteBuffer.wrap(gzi).order(ByteOrder.LITTLE_ENDIAN);
        if (gzi.length < Long.BYTES || (gzi.length - Long.BYTES) / ENTRY_BYTES != in.getLong(0)) {
            return "it has " + gzi.length + " bytes, which are not the " + Long.BYTES + " of its head and "
                    + ENTRY_BYTES + " of each block";
        }
        in.position(Long.BYTES);
        int block = 1;
        while (in.remaining() >= ENTRY_BYTES) {
            long file = in.getLong();
            long start = in.getLong();
            if (start == textLength() && file >= compressed[Math.max(0, count() - 1)]) {
                continue;
            }
            if (block >= count() || file != compressed[block] || start != text[block]) {
                return "it says that a block starts at byte " + file + " with byte " + start + " of the text, in the"
                        + (block < count()
                                ? " file block " + block + " starts at byte " + compressed[block] + " with byte "
                                        + text[block]
                                : " file there are only " + count() + " blocks");
            }
            block++;
        }
        return block == Math.max(1, count())
                ? ""
                : "it lists " + block + " blocks with the first, the file has " + count();
    }
}

package org.dnallama.dna;

import java.io.Serializable;

/**
 * A sequence of a FASTA file and where it lies: one line of a {@code .fai} index.
 *
 * @param name up to the first white space of the header
 * @param bases its length, at least 1
 * @param offset of its first base, in bytes of the uncompressed file
 * @param basesPerLine bases in each line but the last, at least 1
 * @param bytesPerLine the same with the line's end and blanks before it
 */
public record Contig(String name, long bases, long offset, long basesPerLine, long bytesPerLine)
        implements Serializable {

    /** Most bytes between the bases of two lines, so that a read of a range is never much longer than the range. */
    static final long LONGEST_ENDING = 16;

    /**
     * Where a base lies.
     *
     * @param position in [0, bases)
     * @return its byte in the uncompressed file
     */
    long byteOf(long position) {
        return offset + position / basesPerLine * bytesPerLine + position % basesPerLine;
    }

    /**
     * Where its bases end.
     *
     * @return the byte after its last base
     */
    long endByte() {
        return byteOf(bases - 1) + 1;
    }
}

package org.dnallama.dna;

import java.io.Serializable;

/**
 * A sequence of a FASTA file and where it lies: one line of a {@code .fai} index.
 *
 * @param name up to the first white space of the header
 * @param bases its length
 * @param offset of its first base, in bytes of the uncompressed file
 * @param basesPerLine bases in each line but the last
 * @param bytesPerLine the same with the line's end
 */
public record Contig(String name, long bases, long offset, int basesPerLine, int bytesPerLine) implements Serializable {

    /**
     * Its line in an index.
     *
     * @return five columns, ended by a line feed
     */
    String faiLine() {
        return name + "\t" + bases + "\t" + offset + "\t" + basesPerLine + "\t" + bytesPerLine + "\n";
    }

    /**
     * Tells whether another index line finds the same bases. How lines are laid out does not matter to a contig of one
     * line.
     *
     * @param other what an index says
     * @return true if so
     */
    boolean agreesWith(Contig other) {
        return name.equals(other.name)
                && bases == other.bases
                && offset == other.offset
                && (bases <= basesPerLine
                        || (basesPerLine == other.basesPerLine && bytesPerLine == other.bytesPerLine));
    }
}

package org.dnallama.dna;

import java.util.List;
import org.dnallama.config.Seeds;

/** Which strands of a window become rows. */
public enum StrandRule {
    /** The one that stands in the file. */
    FORWARD,
    /** Both, as two rows. */
    BOTH,
    /** One of the two, chosen by the seed and the window's place. */
    RANDOM;

    /**
     * The strands of a window.
     *
     * @param seeds of the run
     * @param contig the contig's name
     * @param start where the window starts
     * @return one or two strands
     */
    public List<Strand> of(Seeds seeds, String contig, long start) {
        return switch (this) {
            case FORWARD -> List.of(Strand.FORWARD);
            case BOTH -> List.of(Strand.FORWARD, Strand.REVERSE);
            case RANDOM -> List.of((seeds.key("strand " + contig, start) & 1) == 0 ? Strand.FORWARD : Strand.REVERSE);
        };
    }
}

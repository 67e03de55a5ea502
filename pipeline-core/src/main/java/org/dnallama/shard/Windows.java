package org.dnallama.shard;

import java.io.Serializable;
import org.dnallama.dna.Interval;

/** How a region of a contig is cut into windows, and they into rows. */
public sealed interface Windows extends Serializable permits BaseWindows, TokenWindows {

    /**
     * What must be read to cut a range.
     *
     * @param region the wanted part of a contig
     * @param range a part of the region
     * @return a part of the region around the range
     */
    Interval around(Interval region, Interval range);

    /**
     * Cuts a range.
     *
     * @param region the wanted part of a contig
     * @param rows of the range; takes what is cut
     */
    void cut(Interval region, RangeRows rows);

    /**
     * How many windows hold a base, about.
     *
     * @return at least 1
     */
    double copies();

    /**
     * Of the shortest row.
     *
     * @return number of bases
     */
    int minLength();
}

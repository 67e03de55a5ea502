package org.dnallama.audit;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * Bases in which rows are looked for: a longer row, or a part of a contig with flanks.
 *
 * @param task the row's data set, or the genome's file
 * @param split the row's split, or {@link Columns#GENOME}
 * @param id the row's, or the contig's name
 * @param label the row's, none for a contig
 * @param first position of the first base, 0 for a row
 * @param bases upper-case IUPAC codes
 * @param from k-mers that start before this index belong to the part before
 * @param to k-mers that start here or later belong to the part behind
 */
record SearchedText(
        String task, String split, String id, @Nullable Integer label, long first, String bases, int from, int to)
        implements Serializable {

    /** Tells whether this is a part of a contig. */
    boolean ofGenome() {
        return split.equals(Columns.GENOME);
    }

    /** Tells whether a k-mer belongs to this part. */
    boolean owns(int start) {
        return start >= from && start < to;
    }
}

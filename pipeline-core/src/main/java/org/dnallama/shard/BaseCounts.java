package org.dnallama.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;

/**
 * Where bases went. Each base of the input counts once, whatever number of overlapping windows or strands holds it:
 * {@code in = covered + n + richInN + gap + shortPieces + remainder + excluded}.
 *
 * @param covered in at least one row
 * @param n dropped: N
 * @param richInN dropped: in windows with too large a part of N only
 * @param gap dropped: between two windows, as the stride is longer than the window
 * @param shortPieces dropped: in pieces shorter than {@code minLength} only
 * @param remainder dropped: at the end of a piece, too few to fill a token
 * @param excluded dropped: in contigs or regions that are not wanted
 */
public record BaseCounts(long covered, long n, long richInN, long gap, long shortPieces, long remainder, long excluded)
        implements Serializable {

    /** Nothing counted. */
    public static final BaseCounts ZERO = new BaseCounts(0, 0, 0, 0, 0, 0, 0);

    /**
     * Bases that are not wanted.
     *
     * @param bases how many
     * @return counts of nothing else
     */
    public static BaseCounts ofExcluded(long bases) {
        return new BaseCounts(0, 0, 0, 0, 0, 0, bases);
    }

    /**
     * Adds.
     *
     * @param other counts of other bases
     * @return the sum
     */
    public BaseCounts plus(BaseCounts other) {
        return new BaseCounts(
                covered + other.covered,
                n + other.n,
                richInN + other.richInN,
                gap + other.gap,
                shortPieces + other.shortPieces,
                remainder + other.remainder,
                excluded + other.excluded);
    }

    /**
     * All bases counted.
     *
     * @return their number
     */
    public long in() {
        return covered + dropped();
    }

    /**
     * Bases in no row.
     *
     * @return their number
     */
    public long dropped() {
        return n + richInN + gap + shortPieces + remainder + excluded;
    }

    /**
     * For the manifest.
     *
     * @return {@code in}, {@code covered} and {@code dropped} by reason
     */
    public ObjectNode toJson() {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("in", in()).put("covered", covered);
        json.putObject("dropped")
                .put("n", n)
                .put("richInN", richInN)
                .put("gap", gap)
                .put("short", shortPieces)
                .put("remainder", remainder)
                .put("excluded", excluded);
        return json;
    }
}

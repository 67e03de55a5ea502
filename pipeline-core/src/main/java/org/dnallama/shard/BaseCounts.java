package org.dnallama.shard;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.Serializable;

/**
 * Where bases went. Each base of the input counts once, whatever number of overlapping windows holds it: {@code in =
 * covered + n + gap + shortPieces + remainder}.
 *
 * @param covered in at least one row
 * @param n dropped: N
 * @param gap dropped: between two windows, as the stride is longer than the window
 * @param shortPieces dropped: in pieces shorter than {@code minLength} only
 * @param remainder dropped: at the end of a piece, too few to fill a token
 */
public record BaseCounts(long covered, long n, long gap, long shortPieces, long remainder) implements Serializable {

    /** Nothing counted. */
    public static final BaseCounts ZERO = new BaseCounts(0, 0, 0, 0, 0);

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
                gap + other.gap,
                shortPieces + other.shortPieces,
                remainder + other.remainder);
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
        return n + gap + shortPieces + remainder;
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
                .put("gap", gap)
                .put("short", shortPieces)
                .put("remainder", remainder);
        return json;
    }
}

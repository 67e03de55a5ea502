package org.dnallama.compute;

import org.dnallama.config.Seeds;

/** The one rule by which every backend drops elements: it looks at key and index only, so all backends agree. */
public final class Dropout {

    /** Odd, so that different indices give different products; 2^64 divided by the square root of 3, rounded. */
    private static final long SPREAD = 0x93cd3a2c8198e269L;

    private Dropout() {}

    /**
     * Whether an element survives.
     *
     * @param key names the random stream
     * @param index the element's number in the buffer
     * @param rate probability of falling, in [0, 1)
     * @return true with probability 1 - rate, always the same for the same arguments
     */
    public static boolean keeps(long key, long index, double rate) {
        return (Seeds.mix(key ^ index * SPREAD) >>> 11) * 0x1p-53 >= rate;
    }
}

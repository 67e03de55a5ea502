package org.dnallama.shard;

import java.util.BitSet;

/**
 * A window as training reads it.
 *
 * @param tokens ids, without begin and end
 * @param softMasked which tokens are soft-masked: more than half of their bases
 */
@SuppressWarnings("ArrayRecordComponent") // Plain arrays: a genome has billions of tokens.
public record MaskedTokens(int[] tokens, BitSet softMasked) {

    /**
     * A window without soft-masked tokens.
     *
     * @param tokens ids, without begin and end
     * @return the window
     */
    public static MaskedTokens plain(int... tokens) {
        return new MaskedTokens(tokens, new BitSet());
    }
}

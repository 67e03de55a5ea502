package org.dnallama.augment;

import java.io.Serializable;
import java.util.BitSet;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Makes a negative from a positive by replacing some of its blocks with random bases. The positive is seen as a part of
 * a longer sequence that is cut into equal blocks, a fixed number of which are replaced: so GUE's negatives without
 * TATA box were made.
 *
 * @param firstBlock where the first block starts that begins within the sequence, less than {@code blockBases}; the
 *     bases before it are the end of another block
 * @param blockBases bases in a block
 * @param blocks blocks in the longer sequence
 * @param replacedBlocks how many of them are replaced
 */
public record ReplacedBlocks(int firstBlock, int blockBases, int blocks, int replacedBlocks) implements Serializable {

    private static final String BASES = "ACGT";

    /**
     * Makes a negative.
     *
     * @param positive its bases
     * @param random draws blocks and bases
     * @return a sample of class 0 that knows what was replaced
     */
    public Sample negative(String positive, RandomGenerator random) {
        StringBuilder bases = new StringBuilder(positive);
        BitSet replaced = new BitSet();
        int left = blocks;
        int toReplace = replacedBlocks;
        // Drawn without replacement, block after block, as cards from a deck.
        for (int start = firstBlock == 0 ? 0 : firstBlock - blockBases;
                start < bases.length() && left > 0;
                start += blockBases, left--) {
            if (random.nextInt(left) < toReplace) {
                toReplace--;
                replace(bases, replaced, Math.max(0, start), Math.min(bases.length(), start + blockBases), random);
            }
        }
        return new Sample(bases.toString(), 0, Optional.of(replaced));
    }

    private static void replace(StringBuilder bases, BitSet replaced, int from, int end, RandomGenerator random) {
        for (int i = from; i < end; i++) {
            bases.setCharAt(i, BASES.charAt(random.nextInt(BASES.length())));
        }
        replaced.set(from, end);
    }
}

package org.dnallama.config;

import java.util.random.RandomGenerator;

/**
 * Named random streams of one run. A stream depends on the run's seed, its purpose and its indices, and on nothing
 * else: not on ranks, threads or the clock.
 *
 * @param runSeed the configured seed
 */
public record Seeds(long runSeed) {

    /**
     * A 64-bit key for a purpose and indices, well mixed (SplitMix64's finalizer).
     *
     * @param purpose what the randomness is for, such as {@code "shuffle"}
     * @param indices epoch, row, and so on
     * @return a key
     * @see <a href="https://doi.org/10.1145/2714064.2660195">Steele, Lea and Flood 2014</a>
     */
    public long key(String purpose, long... indices) {
        long key = mix(runSeed);
        for (int i = 0; i < purpose.length(); i++) {
            key = mix(key ^ purpose.charAt(i));
        }
        for (long index : indices) {
            key = mix(key ^ index);
        }
        return key;
    }

    /**
     * A generator for a purpose and indices.
     *
     * @param purpose what the randomness is for
     * @param indices epoch, row, and so on
     * @return a fresh generator, always at the start of its stream
     */
    public RandomGenerator stream(String purpose, long... indices) {
        return new java.util.SplittableRandom(key(purpose, indices));
    }

    /**
     * Mixes a 64-bit value so that every input bit moves every output bit.
     *
     * @param value anything
     * @return the mixed value
     */
    public static long mix(long value) {
        long z = value + 0x9e3779b97f4a7c15L;
        z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }
}

package org.dnallama.dna;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.dnallama.config.Seeds;

/**
 * Canonical k-mers: of a k-mer and its reverse complement the smaller one, two bits a base (A 0, C 1, G 2, T 3), first
 * base in the highest bits. k is odd, so that none is its own reverse complement.
 *
 * @param k bases, odd, 3 to 31
 */
public record Kmers(int k) implements Serializable {

    /** Longest k-mer that fits into a long. */
    public static final int MOST = 31;

    private static final int[] CODE = new int[128];

    static {
        java.util.Arrays.fill(CODE, -1);
        for (int i = 0; i < 4; i++) {
            CODE["ACGT".charAt(i)] = i;
        }
    }

    /**
     * Checks k.
     *
     * @throws IllegalArgumentException if k is even or out of bounds
     */
    public Kmers {
        if (k < 3 || k > MOST || k % 2 == 0) {
            throw new IllegalArgumentException("k is " + k + "; it must be odd and lie in [3, " + MOST + "]");
        }
    }

    /** Takes k-mers. */
    @FunctionalInterface
    public interface Taker {

        /**
         * Takes one.
         *
         * @param start of its first base
         * @param canonical the k-mer or its reverse complement
         * @param flipped true if it is the reverse complement that is canonical
         */
        void take(int start, long canonical, boolean flipped);
    }

    /**
     * A k-mer and where it stands.
     *
     * @param start of its first base
     * @param canonical the k-mer or its reverse complement
     * @param flipped true if it is the reverse complement that is canonical
     */
    public record Seed(int start, long canonical, boolean flipped) {}

    /**
     * Walks over all k-mers of A, C, G and T.
     *
     * @param bases upper-case IUPAC codes
     * @param taker gets each, by start
     */
    public void scan(String bases, Taker taker) {
        long mask = (1L << 2 * k) - 1;
        long forward = 0;
        long reverse = 0;
        int run = 0;
        for (int i = 0; i < bases.length(); i++) {
            int code = CODE[bases.charAt(i)];
            if (code < 0) {
                run = 0;
                continue;
            }
            forward = (forward << 2 | code) & mask;
            reverse = reverse >>> 2 | (long) (3 - code) << 2 * (k - 1);
            if (++run >= k) {
                taker.take(i - k + 1, Math.min(forward, reverse), reverse < forward);
            }
        }
    }

    /**
     * A few k-mers that a sequence can be found by: in each of as many parts the one with the smallest hash.
     *
     * @param bases upper-case IUPAC codes
     * @param parts most seeds to give, at least 1
     * @return distinct k-mers, fewer where parts hold none; empty if the sequence holds none
     */
    public List<Seed> seeds(String bases, int parts) {
        int starts = bases.length() - k + 1;
        if (starts < 1) {
            return List.of();
        }
        List<Seed> smallest = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            smallest.add(new Seed(-1, 0, false));
        }
        scan(bases, (start, canonical, flipped) -> {
            int part = Math.toIntExact((long) start * parts / starts);
            Seed best = smallest.get(part);
            if (best.start < 0 || Seeds.mix(canonical) < Seeds.mix(best.canonical)) {
                smallest.set(part, new Seed(start, canonical, flipped));
            }
        });
        Set<Long> seen = new HashSet<>();
        return smallest.stream()
                .filter(seed -> seed.start >= 0 && seen.add(seed.canonical))
                .toList();
    }
}

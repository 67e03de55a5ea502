package org.dnallama.demo;

import java.util.random.RandomGenerator;

/**
 * Synthetic core promoters of 70 bases, -35 to +35 around the transcription start site (TSS), and their decoys. A
 * promoter has a CpG-rich background and, each with its own probability and jitter, a TATA box, an initiator and a
 * downstream promoter element. A decoy has exactly the composition of some promoter, in the background as well as
 * within each motif, and lacks only the order.
 *
 * @see <a href="https://doi.org/10.1038/nrg3163">Lenhard, Sandelin and Carninci 2012</a>
 */
final class PromoterModel {

    /** Bases in a window. */
    static final int LENGTH = 70;

    /** Index of the first transcribed base, +1. */
    static final int TSS = 35;

    private static final int JITTER = 2;
    private static final double GC = 0.6;
    private static final double CPG = 0.45;
    private static final double NOISE = 0.05;

    /** IUPAC consensus, the index where it starts without jitter, and how many promoters have it. */
    private enum Motif {
        TATA_BOX("TATAWAAR", TSS - 31, 0.85),
        INITIATOR("YYANWYY", TSS - 2, 0.9),
        DOWNSTREAM_ELEMENT("RGWYV", TSS + 27, 0.75);

        private final String consensus;
        private final int start;
        private final double frequency;

        Motif(String consensus, int start, double frequency) {
            this.consensus = consensus;
            this.start = start;
            this.frequency = frequency;
        }
    }

    private PromoterModel() {}

    /** A promoter, upper-case. */
    static byte[] promoter(RandomGenerator random) {
        return draw(random, false);
    }

    /** A decoy: a fresh promoter with the letters of each motif shuffled, and those of the background. */
    static byte[] decoy(RandomGenerator random) {
        return draw(random, true);
    }

    private static byte[] draw(RandomGenerator random, boolean shuffled) {
        byte[] window = background(random);
        if (shuffled) {
            shuffle(window, 0, LENGTH, random);
        }
        for (Motif motif : Motif.values()) {
            int start = motif.start + random.nextInt(2 * JITTER + 1) - JITTER;
            if (random.nextDouble() >= motif.frequency) {
                continue;
            }
            int length = motif.consensus.length();
            for (int i = 0; i < length; i++) {
                String choices = random.nextDouble() < NOISE ? "ACGT" : choices(motif.consensus.charAt(i));
                window[start + i] = (byte) choices.charAt(random.nextInt(choices.length()));
            }
            if (shuffled) {
                shuffle(window, start, start + length, random);
            }
        }
        return window;
    }

    private static byte[] background(RandomGenerator random) {
        byte[] window = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            boolean island = i > 0 && window[i - 1] == 'C' && random.nextDouble() < CPG;
            window[i] = island ? (byte) 'G' : Bases.draw(random, GC);
        }
        return window;
    }

    private static void shuffle(byte[] bases, int from, int to, RandomGenerator random) {
        for (int i = to - 1; i > from; i--) {
            int j = from + random.nextInt(i - from + 1);
            byte swapped = bases[i];
            bases[i] = bases[j];
            bases[j] = swapped;
        }
    }

    private static String choices(char code) {
        return switch (code) {
            case 'R' -> "AG";
            case 'Y' -> "CT";
            case 'W' -> "AT";
            case 'V' -> "ACG";
            case 'N' -> "ACGT";
            default -> String.valueOf(code);
        };
    }
}

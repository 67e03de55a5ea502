package org.dnallama.demo;

import java.util.random.RandomGenerator;

/** Single random bases. */
final class Bases {

    private Bases() {}

    /** One of A, C, G, T; C or G with probability {@code gc}. */
    static byte draw(RandomGenerator random, double gc) {
        boolean strong = random.nextDouble() < gc;
        boolean first = random.nextBoolean();
        if (strong) {
            return (byte) (first ? 'C' : 'G');
        }
        return (byte) (first ? 'A' : 'T');
    }

    static byte lower(byte base) {
        return (byte) Character.toLowerCase(base);
    }
}

package org.dnallama.token;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/** Generated DNA. */
final class Sequences {

    private Sequences() {}

    /** Mutated copies of a few repeats between random bases, with homopolymers, so that long tokens pay. */
    static String generate(int bases, long seed) {
        RandomGenerator random = new Seeds(seed).stream("sequence");
        String[] repeats = new String[8];
        for (int i = 0; i < repeats.length; i++) {
            repeats[i] = random(40 + random.nextInt(60), random);
        }
        StringBuilder text = new StringBuilder();
        while (text.length() < bases) {
            switch (random.nextInt(4)) {
                case 0 -> text.append(random(random.nextInt(80), random));
                case 1 -> text.append(random(1, random).repeat(1 + random.nextInt(30)));
                case 2 -> text.append(random(2, random).repeat(1 + random.nextInt(12)));
                default -> {
                    StringBuilder copy = new StringBuilder(repeats[random.nextInt(repeats.length)]);
                    copy.setCharAt(
                            random.nextInt(copy.length()), random(1, random).charAt(0));
                    text.append(copy);
                }
            }
        }
        return text.substring(0, bases);
    }

    private static String random(int bases, RandomGenerator random) {
        StringBuilder text = new StringBuilder();
        random.ints(bases, 0, 4).forEach(i -> text.append("ACGT".charAt(i)));
        return text.toString();
    }
}

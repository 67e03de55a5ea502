package org.dnallama.demo;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * A contig that has what real ones have: GC content that changes along it, few CpG outside of promoters, interspersed
 * repeats and low-complexity stretches in lower case, gaps of N, and a promoter about every 900 bases.
 */
final class DemoGenome {

    private static final int ISOCHORE_BASES = 60_000;
    private static final double LEAST_GC = 0.34;
    private static final double MOST_GC = 0.56;
    private static final double CPG_KEPT = 0.25;
    private static final int PROMOTER_SPACING = 900;
    private static final int REPEAT_SPACING = 2_500;
    private static final int REPEAT_FAMILIES = 8;
    private static final int REPEAT_BASES = 300;
    private static final double REPEAT_DIVERGENCE = 0.08;
    private static final int LOW_COMPLEXITY_SPACING = 5_000;
    private static final int FIRST_GAP = 10_000;

    private final Seeds seeds;
    private final List<byte[]> families = new ArrayList<>();

    DemoGenome(Seeds seeds) {
        this.seeds = seeds;
        for (int family = 0; family < REPEAT_FAMILIES; family++) {
            RandomGenerator random = seeds.stream("demo-repeat-family", family);
            byte[] repeat = new byte[REPEAT_BASES];
            for (int i = 0; i < REPEAT_BASES; i++) {
                repeat[i] = Bases.draw(random, 0.5);
            }
            families.add(repeat);
        }
    }

    /** Makes contig {@code index} with the given number of bases; soft-masked bases are lower-case. */
    byte[] contig(int index, int length) {
        byte[] bases = new byte[length];
        background(bases, seeds.stream("demo-background", index));
        repeats(bases, seeds.stream("demo-repeats", index));
        lowComplexity(bases, seeds.stream("demo-low-complexity", index));
        promoters(bases, seeds.stream("demo-genome-promoters", index));
        gaps(bases, seeds.stream("demo-gaps", index));
        return bases;
    }

    private static void background(byte[] bases, RandomGenerator random) {
        double gc = 0;
        for (int i = 0; i < bases.length; i++) {
            if (i % ISOCHORE_BASES == 0) {
                gc = LEAST_GC + (MOST_GC - LEAST_GC) * random.nextDouble();
            }
            bases[i] = Bases.draw(random, gc);
            boolean island = i > 0 && bases[i - 1] == 'C' && bases[i] == 'G';
            if (island && random.nextDouble() >= CPG_KEPT) {
                bases[i] = 'A'; // CpG decays to CpA, as methylated cytosine does on the other strand
            }
        }
    }

    private void repeats(byte[] bases, RandomGenerator random) {
        for (int at = next(0, REPEAT_SPACING, random); at + REPEAT_BASES <= bases.length; ) {
            byte[] family = families.get(random.nextInt(families.size()));
            for (int i = 0; i < REPEAT_BASES; i++) {
                boolean mutated = random.nextDouble() < REPEAT_DIVERGENCE;
                bases[at + i] = Bases.lower(mutated ? Bases.draw(random, 0.5) : family[i]);
            }
            at = next(at + REPEAT_BASES, REPEAT_SPACING, random);
        }
    }

    private static void lowComplexity(byte[] bases, RandomGenerator random) {
        for (int at = next(0, LOW_COMPLEXITY_SPACING, random); at < bases.length; ) {
            byte[] unit = new byte[1 + random.nextInt(4)];
            for (int i = 0; i < unit.length; i++) {
                unit[i] = Bases.lower(Bases.draw(random, 0.4));
            }
            int end = Math.min(bases.length, at + 30 + random.nextInt(120));
            for (int i = at; i < end; i++) {
                bases[i] = unit[(i - at) % unit.length];
            }
            at = next(end, LOW_COMPLEXITY_SPACING, random);
        }
    }

    private static void promoters(byte[] bases, RandomGenerator random) {
        for (int at = next(0, PROMOTER_SPACING, random); at + PromoterModel.LENGTH <= bases.length; ) {
            System.arraycopy(PromoterModel.promoter(random), 0, bases, at, PromoterModel.LENGTH);
            at = next(at + PromoterModel.LENGTH, PROMOTER_SPACING, random);
        }
    }

    /** A long gap at the start, as at a chromosome's end, a middle one and a few short ones. */
    private static void gaps(byte[] bases, RandomGenerator random) {
        Arrays.fill(bases, 0, Math.min(FIRST_GAP, bases.length), (byte) 'N');
        for (int length : new int[] {5_000, 50, 7, 1}) {
            if (bases.length > FIRST_GAP + length) {
                int start = FIRST_GAP + random.nextInt(bases.length - FIRST_GAP - length);
                Arrays.fill(bases, start, start + length, (byte) 'N');
            }
        }
    }

    private static int next(int from, int spacing, RandomGenerator random) {
        return from + spacing / 2 + random.nextInt(spacing);
    }
}

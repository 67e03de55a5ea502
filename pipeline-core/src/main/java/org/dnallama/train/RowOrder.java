package org.dnallama.train;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * The endless order in which training rows are seen: every epoch a new permutation, drawn from the seed and the epoch's
 * number alone, so that any step can be taken up again from its number.
 */
final class RowOrder {

    private final Seeds seeds;
    private final int[] permutation;
    private long epoch = -1;

    RowOrder(int rows, Seeds seeds) {
        this.permutation = new int[rows];
        this.seeds = seeds;
    }

    /** The row at a position, counted from the beginning of training. */
    int row(long position) {
        long wanted = position / permutation.length;
        if (wanted != epoch) {
            shuffle(wanted);
        }
        return permutation[(int) (position % permutation.length)];
    }

    private void shuffle(long wanted) {
        RandomGenerator random = seeds.stream("shuffle", wanted);
        for (int i = 0; i < permutation.length; i++) {
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
        epoch = wanted;
    }
}

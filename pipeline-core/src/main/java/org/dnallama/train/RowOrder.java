package org.dnallama.train;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * The endless order in which a stripe's rows are seen: every epoch a new permutation, drawn from the seed, the stripe's
 * and the epoch's number alone, so that any step can be taken up again from its number.
 */
final class RowOrder {

    private final Seeds seeds;
    private final int stripe;
    private final int first;
    private final int[] permutation;
    private long epoch = -1;

    RowOrder(Stripes.Range rows, int stripe, Seeds seeds) {
        this.first = rows.from();
        this.stripe = stripe;
        this.permutation = new int[rows.count()];
        this.seeds = seeds;
    }

    /** The row at a position, counted from the beginning of training. */
    int row(long position) {
        long wanted = position / permutation.length;
        if (wanted != epoch) {
            shuffle(wanted);
        }
        return first + permutation[(int) (position % permutation.length)];
    }

    private void shuffle(long wanted) {
        RandomGenerator random = seeds.stream("shuffle", stripe, wanted);
        for (int i = 0; i < permutation.length; i++) {
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
        epoch = wanted;
    }
}

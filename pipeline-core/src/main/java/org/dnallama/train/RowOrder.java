package org.dnallama.train;

import java.util.random.RandomGenerator;
import org.dnallama.config.Seeds;

/**
 * The endless order in which a stripe's rows are seen. The stripe is cut into parts; every epoch the parts have their
 * turns in a new order, and in its turn the rows of a part come in a new order. All of it is drawn from the seed and
 * the numbers of stripe, epoch and turn alone, so that any step can be taken up again from its number.
 */
final class RowOrder {

    private final Seeds seeds;
    private final int stripe;
    private final Stripes.Range rows;
    private final int[] order;
    private final int[] permutation;
    private long epoch = -1;
    private long shuffled = -1;

    /**
     * A part's turn.
     *
     * @param number from 0, counted from the beginning of training
     * @param start the position at which it begins
     * @param rows the part
     */
    record Turn(long number, long start, Stripes.Range rows) {

        /** The position at which the next one begins. */
        long end() {
            return start + rows.count();
        }
    }

    /** Orders a stripe; with one part every epoch is a permutation of all its rows. */
    RowOrder(Stripes.Range rows, int stripe, int parts, Seeds seeds) {
        this.rows = rows;
        this.stripe = stripe;
        this.seeds = seeds;
        this.order = new int[Math.min(parts, rows.count())];
        this.permutation = new int[(rows.count() + order.length - 1) / order.length];
    }

    /** The turn in which a position lies, counted from the beginning of training. */
    Turn turn(long position) {
        long wanted = position / rows.count();
        if (wanted != epoch) {
            shuffle(order, order.length, seeds.stream("parts", stripe, wanted));
            epoch = wanted;
        }
        long start = wanted * rows.count();
        for (int i = 0; ; i++) {
            Turn turn = new Turn(wanted * order.length + i, start, rows.part(order[i], order.length));
            if (position < turn.end()) {
                return turn;
            }
            start = turn.end();
        }
    }

    /** The row at a position, counted from the beginning of training. */
    int row(long position) {
        Turn turn = turn(position);
        if (turn.number != shuffled) {
            shuffle(permutation, turn.rows.count(), seeds.stream("shuffle", stripe, turn.number));
            shuffled = turn.number;
        }
        return turn.rows.from() + permutation[(int) (position - turn.start)];
    }

    private static void shuffle(int[] permutation, int count, RandomGenerator random) {
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i + 1);
            permutation[i] = permutation[j];
            permutation[j] = i;
        }
    }
}

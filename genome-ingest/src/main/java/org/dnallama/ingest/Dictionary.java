package org.dnallama.ingest;

import java.util.Arrays;

/** The distinct values of a column, numbered in the order in which they first come. A value is its 32 bits. */
final class Dictionary {

    // An odd number near 2^32 divided by the golden ratio: multiples of it lie far apart.
    private static final int SPREAD = 0x9E3779B9;

    private int[] values = new int[512];
    private int size;
    // A value above, its number plus one below, at its hash or in the first free place behind; half of them stay free.
    private long[] places = new long[2 * values.length];

    int size() {
        return size;
    }

    /** The value of a number in [0, {@link #size}). */
    int value(int number) {
        return values[number];
    }

    /** The number of a value, which is a new one if the value is new. */
    int numberOf(int value) {
        int place = placeOf(value);
        return places[place] == 0 ? add(value, place) : (int) places[place] - 1;
    }

    private int placeOf(int value) {
        int last = places.length - 1;
        int place = value * SPREAD >>> Integer.numberOfLeadingZeros(last);
        while (places[place] != 0 && (int) (places[place] >> Integer.SIZE) != value) {
            place = (place + 1) & last;
        }
        return place;
    }

    private int add(int value, int place) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
            places = new long[2 * values.length];
            for (int number = 0; number < size; number++) {
                put(values[number], number, placeOf(values[number]));
            }
            return add(value, placeOf(value));
        }
        values[size] = value;
        put(value, size, place);
        return size++;
    }

    private void put(int value, int number, int place) {
        places[place] = (long) value << Integer.SIZE | (number + 1);
    }
}

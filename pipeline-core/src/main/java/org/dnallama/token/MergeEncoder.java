package org.dnallama.token;

import java.util.Arrays;

/**
 * Byte-pair encoding by its definition, for any merges: as long as some neighbours merge, those of the lowest rank do,
 * the leftmost first. A heap holds the pairs, so n letters cost O(n log n).
 */
record MergeEncoder(Merges merges) implements SegmentEncoder {

    @Override
    public int encode(int[] letters, int from, int to, int[] tokens, int at) {
        return new Run(merges, Arrays.copyOfRange(letters, from, to)).merge(tokens, at);
    }

    /** One encoding: the letters as a linked list, and a binary heap of (rank, position). */
    private static final class Run {

        private final Merges merges;
        private final int[] symbols;
        private final int[] next;
        private final int[] previous;
        private long[] heap;
        private int size;

        Run(Merges merges, int[] symbols) {
            this.merges = merges;
            this.symbols = symbols;
            next = new int[symbols.length];
            previous = new int[symbols.length];
            heap = new long[Math.max(16, symbols.length)];
            for (int i = 0; i < symbols.length; i++) {
                next[i] = i + 1;
                previous[i] = i - 1;
            }
        }

        int merge(int[] tokens, int at) {
            for (int i = 0; i + 1 < symbols.length; i++) {
                offer(i);
            }
            while (size > 0) {
                long lowest = poll();
                int position = (int) lowest;
                int right = rightOf(position);
                // What has merged since it was offered has another rank now, or none.
                if (right < symbols.length
                        && merges.rank(symbols[position], symbols[right]) == lowest >>> Integer.SIZE) {
                    join(position, right);
                }
            }
            int end = at;
            for (int i = 0; i < symbols.length; i = next[i]) {
                tokens[end++] = symbols[i];
            }
            return end;
        }

        // A position that was merged into its left neighbour is marked by having no next one.
        private int rightOf(int position) {
            return next[position] < 0 ? symbols.length : next[position];
        }

        private void join(int position, int right) {
            symbols[position] = merges.product(symbols[position], symbols[right]);
            next[position] = next[right];
            next[right] = -1;
            if (next[position] < symbols.length) {
                previous[next[position]] = position;
                offer(position);
            }
            if (previous[position] >= 0) {
                offer(previous[position]);
            }
        }

        private void offer(int position) {
            int rank = merges.rank(symbols[position], symbols[next[position]]);
            if (rank == Merges.NONE) {
                return;
            }
            if (size == heap.length) {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            long entry = (long) rank << Integer.SIZE | position;
            int hole = size++;
            for (int parent = hole - 1 >> 1; hole > 0 && heap[parent] > entry; parent = hole - 1 >> 1) {
                heap[hole] = heap[parent];
                hole = parent;
            }
            heap[hole] = entry;
        }

        private long poll() {
            long lowest = heap[0];
            long last = heap[--size];
            int hole = 0;
            for (int child = 1; child < size; child = 2 * hole + 1) {
                if (child + 1 < size && heap[child + 1] < heap[child]) {
                    child++;
                }
                if (heap[child] >= last) {
                    break;
                }
                heap[hole] = heap[child];
                hole = child;
            }
            heap[hole] = last;
            return lowest;
        }
    }
}

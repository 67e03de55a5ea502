package org.dnallama.optim;

import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.dnallama.collective.AllReduce;
import org.dnallama.compute.Buffer;

/** Two threads that add up what they write on a board, in the order of ranks. */
final class TwoRanks {

    private final double[][] board = new double[2][];
    private final CyclicBarrier barrier = new CyclicBarrier(2);
    private final Function<Buffer, double[]> read;
    private final BiConsumer<Buffer, double[]> write;

    /** Ranks over a backend's buffers. */
    TwoRanks(Function<Buffer, double[]> read, BiConsumer<Buffer, double[]> write) {
        this.read = read;
        this.write = write;
    }

    /** Runs a body on each rank, side by side. */
    <T> List<T> run(Function<AllReduce, T> body) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            Future<T> first = threads.submit(() -> body.apply(new Rank(0)));
            Future<T> second = threads.submit(() -> body.apply(new Rank(1)));
            return List.of(first.get(60, TimeUnit.SECONDS), second.get(60, TimeUnit.SECONDS));
        } finally {
            threads.shutdownNow();
        }
    }

    private final class Rank implements AllReduce {

        private final int rank;

        Rank(int rank) {
            this.rank = rank;
        }

        @Override
        public int rank() {
            return rank;
        }

        @Override
        public int worldSize() {
            return 2;
        }

        @Override
        public Pending begin(Buffer buffer) {
            write.accept(buffer, sums(read.apply(buffer)));
            return () -> {};
        }

        @Override
        public void sum(double[] values) {
            System.arraycopy(sums(values.clone()), 0, values, 0, values.length);
        }

        private double[] sums(double[] mine) {
            board[rank] = mine;
            await();
            double[] sums = new double[mine.length];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = board[0][i] + board[1][i];
            }
            await();
            return sums;
        }

        private void await() {
            try {
                barrier.await(50, TimeUnit.SECONDS);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() {}
    }
}

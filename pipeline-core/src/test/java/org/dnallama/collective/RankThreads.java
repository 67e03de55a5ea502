package org.dnallama.collective;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Ranks as threads of this process, which talk over the loopback interface. */
public final class RankThreads {

    private RankThreads() {}

    /** A rank's work. */
    @FunctionalInterface
    public interface Work<T> {
        T of(AllReduce ranks) throws Exception;
    }

    /**
     * Runs all ranks.
     *
     * @return what each found, by rank
     * @throws ExecutionException what the lowest failing rank threw
     */
    public static <T> List<T> run(int worldSize, Duration timeout, Work<T> work) throws Exception {
        return run(worldSize, timeout, work, (rank, text) -> text);
    }

    /** What a rank hears of what another one said, when they meet. */
    interface Hearing {
        String of(int rank, String text);
    }

    static <T> List<T> run(int worldSize, Duration timeout, Work<T> work, Hearing hearing) throws Exception {
        String[] board = new String[worldSize];
        CyclicBarrier barrier = new CyclicBarrier(worldSize);
        ExecutorService threads = Executors.newFixedThreadPool(worldSize);
        try {
            List<Future<T>> running = new ArrayList<>();
            for (int rank = 0; rank < worldSize; rank++) {
                int number = rank;
                Meeting meeting = new Meeting(rank, worldSize, "127.0.0.1", timeout, OptionalInt.empty(), mine -> {
                    board[number] = mine;
                    await(barrier);
                    return Stream.of(board)
                            .map(text -> hearing.of(number, text))
                            .toArray(String[]::new);
                });
                running.add(threads.submit(() -> {
                    try (AllReduce ranks = Collectives.GLOO.join(meeting)) {
                        return work.of(ranks);
                    }
                }));
            }
            List<T> found = new ArrayList<>();
            for (Future<T> rank : running) {
                found.add(rank.get(120, TimeUnit.SECONDS));
            }
            return found;
        } finally {
            threads.shutdownNow();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(60, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}

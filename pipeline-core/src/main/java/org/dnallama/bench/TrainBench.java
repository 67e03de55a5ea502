package org.dnallama.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Into;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.model.Batch;

/** Measures training on one shape: our engines and LibTorch in turns, on one thread each. */
final class TrainBench {

    /** Edge of the square product that the machine's peak is taken from: all caches are in use, none overflows. */
    private static final int GEMM = 1024;

    private static final String GEMM_PEAK = "gemm";

    private final TrainShape shape;
    private final List<String> engines;
    private final int repeats;
    private final Consumer<String> progress;

    /** What was found of one engine. */
    record Result(
            String engine,
            double tokensPerCpuSecond,
            double vsLibTorch,
            double gemmShare,
            double peakBytes,
            double memoryVsLibTorch,
            double threads2) {}

    TrainBench(TrainShape shape, List<String> engines, int repeats, Consumer<String> progress) {
        this.shape = shape;
        this.engines = engines;
        this.repeats = repeats;
        this.progress = progress;
    }

    /** How often the progress is told in all. */
    static int ticks(int engines, int repeats) {
        return (engines + 2) * repeats + engines * 2 * repeats + engines + 1;
    }

    /** Measures; the last result is LibTorch's. */
    List<Result> run() {
        List<String> all = new java.util.ArrayList<>(engines);
        all.add(Engines.PEER);
        Turns speed = speed(all);
        double flops = 2.0 * GEMM * GEMM * GEMM / speed.median(GEMM_PEAK);
        Map<String, Double> peaks = new LinkedHashMap<>();
        for (String engine : all) {
            peaks.put(engine, TrainingMemory.measure(engine, shape));
            progress.accept("memory of " + engine);
        }
        double peersPeak = peaks.getOrDefault(Engines.PEER, Double.NaN);
        return all.stream()
                .map(engine -> {
                    double seconds = speed.median(engine);
                    double peak = peaks.getOrDefault(engine, Double.NaN);
                    return new Result(
                            engine,
                            shape.tokens() / seconds,
                            speed.ratio(Engines.PEER, engine),
                            shape.stepFlops() / seconds / flops,
                            peak,
                            peak / peersPeak,
                            engine.equals(Engines.PEER) ? Double.NaN : scaling(engine));
                })
                .toList();
    }

    /** CPU seconds of a step of each engine, and of one large matrix product. */
    private Turns speed(List<String> names) {
        Map<String, TrainingEngine> open = new LinkedHashMap<>();
        try (Gemm gemm = new Gemm()) {
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            for (String name : names) {
                TrainingEngine engine = Engines.open(name, shape.config(), shape.batch());
                open.put(name, engine);
                int steps = StepTimer.warmUp(engine::step, repeats);
                contestants.put(name, () -> StepTimer.cpuSeconds(engine::step, steps));
            }
            int products = StepTimer.warmUp(gemm::run, repeats);
            contestants.put(GEMM_PEAK, () -> StepTimer.cpuSeconds(gemm::run, products));
            return Turns.take(repeats, contestants, name -> progress.accept("speed of " + name));
        } finally {
            open.values().forEach(TrainingEngine::close);
        }
    }

    /** How many times faster by the clock two threads are than one, on the same two micro-batches. */
    private double scaling(String name) {
        Backend backend = Engines.backend(name);
        List<Batch> batches = shape.microBatches(2);
        try (TrainingEngine one = new BackendEngine(backend, shape.config(), batches, 1, BackendEngine.ADAMW);
                TrainingEngine two = new BackendEngine(backend, shape.config(), batches, 2, BackendEngine.ADAMW)) {
            int steps = StepTimer.warmUp(one::step, repeats);
            StepTimer.warmUp(two::step, repeats);
            Map<String, DoubleSupplier> contestants = new LinkedHashMap<>();
            contestants.put("one", () -> StepTimer.clockSeconds(one::step, steps));
            contestants.put("two", () -> StepTimer.clockSeconds(two::step, steps));
            return Turns.take(repeats, contestants, count -> progress.accept(name + " on " + count + " threads"))
                    .ratio("one", "two");
        }
    }

    /** A square product on one thread, by the BLAS that the machine's peak is taken from. */
    private static final class Gemm implements AutoCloseable {
        private final Backend backend = new VectorBackend();
        private final Matrix x = square();
        private final Matrix w = square();
        private final Matrix y = square();

        private Matrix square() {
            Buffer buffer = backend.allocate((long) GEMM * GEMM);
            backend.fill(buffer, 1);
            return Matrix.of(buffer, GEMM, GEMM);
        }

        void run() {
            backend.linear(y, x, w, Into.SET);
        }

        @Override
        public void close() {
            x.buffer().close();
            w.buffer().close();
            y.buffer().close();
        }
    }
}

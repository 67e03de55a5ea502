package org.dnallama.compute.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Backend;
import org.dnallama.compute.BackendContract;
import org.dnallama.compute.Backends;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.Matrix;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.ConfigException;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

/** The array kernels keep the contract, on the CPU. */
final class Nd4jBackendTest extends BackendContract {

    private final Backend backend = Nd4jBackend.open();

    @Override
    protected Backend backend() {
        return backend;
    }

    @Test
    void isOpenedByName() {
        assertThat(Backends.ND4J.open()).isInstanceOf(Nd4jBackend.class);
        assertThat(Backends.AUTO.open()).as("a build without CUDA").isInstanceOf(VectorBackend.class);
    }

    /** On the CPU the choice itself does nothing. */
    @Test
    void oneOfSeveralGpusIsTakenByItsNumber() {
        try (Buffer ofTwo = Nd4jBackend.open().on(1, 2).allocate(3)) {
            assertThat(ofTwo.length()).isEqualTo(3);
        }
        assertThatThrownBy(() -> Nd4jBackend.open().on(2, 2))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "GPU 2: there is none, ND4J sees 2 and counts from 0; let Spark's discovery script");
    }

    @Test
    void threadsDoNotShareScratchMemory() throws Exception {
        int threads = 4;
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<float[]>> tasks = Collections.nCopies(threads, this::manyMlps);
            List<float[]> results =
                    pool.invokeAll(tasks).stream().map(Nd4jBackendTest::get).toList();
            float[] alone = manyMlps();
            assertThat(results).allSatisfy(result -> assertThat(result).isEqualTo(alone));
        } finally {
            pool.shutdown();
        }
    }

    /** Applies SwiGLU to growing matrices, so that scratch memory grows while other threads use theirs. */
    private float[] manyMlps() {
        RandomGenerator random = new Seeds(3).stream("threads");
        float[] last = new float[0];
        for (int rows = 1; rows < 200; rows++) {
            float[] numbers = new float[rows * 40];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = (float) random.nextGaussian();
            }
            last = new float[rows * 20];
            try (Buffer gateUp = backend.allocate(numbers.length);
                    Buffer y = backend.allocate(last.length)) {
                backend.write(gateUp, numbers);
                backend.swiGlu(Matrix.of(y, rows, 20), Matrix.of(gateUp, rows, 40));
                backend.read(y, last);
            }
        }
        return last;
    }

    private static float[] get(Future<float[]> future) {
        try {
            return future.get();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysWhatToDoWithoutADevice() {
        Throwable error = new ExceptionInInitializerError(new IllegalStateException("no backend"));
        assertThat(Nd4jBackend.unavailable(error))
                .startsWith("compute.backend = nd4j: ND4J finds no device")
                .contains("IllegalStateException: no backend")
                .contains("compute capability 3.7 to 8.6")
                .contains("set compute.backend = vector");
    }
}

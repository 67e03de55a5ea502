package org.dnallama.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.FileStore;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch_gloo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The simulated cost of a sum against Gloo's between two processes of this machine. */
@Tag("cluster")
final class MeasuredAllReduceTest {

    private static final int[] NUMBERS = {1, 2_500_000, 25_000_000};
    private static final int ROUNDS = 15;

    @TempDir
    private Path folder;

    /**
     * Latency from a sum of one number, bandwidth from one of 100 MB; the model then tells 10 MB. Caches and the
     * machine's other work are not in it, so a factor of 2.5 either way is what it is good for.
     */
    @Test
    @Timeout(value = 3, unit = TimeUnit.MINUTES)
    void foretellsASumThatItWasNotFittedTo() throws Exception {
        Process other = rank(1);
        Process first = rank(0);
        assertThat(first.waitFor()).as(log(0)).isZero();
        assertThat(other.waitFor()).as(log(1)).isZero();
        double[] seconds = Files.readAllLines(folder.resolve("rank0")).stream()
                .filter(line -> line.startsWith("median "))
                .mapToDouble(line -> Double.parseDouble(line.substring("median ".length())))
                .toArray();
        assertThat(seconds).as(log(0)).hasSize(NUMBERS.length);

        double latency = seconds[0] / 2;
        Network network = new Network("measured", latency, 4.0 * NUMBERS[2] / (seconds[2] - seconds[0]));
        double foretold = network.allReduceSeconds(4.0 * NUMBERS[1], 1, 2);
        System.out.printf(
                "Gloo, 2 processes: latency %.0f us, %.2f GB/s; 10 MB measured %.1f ms, foretold %.1f ms%n",
                latency * 1e6, network.bytesPerSecond() / 1e9, seconds[1] * 1e3, foretold * 1e3);
        assertThat(foretold).isBetween(seconds[1] / 2.5, seconds[1] * 2.5);
    }

    private String log(int rank) throws Exception {
        return Files.readString(folder.resolve("rank" + rank));
    }

    private Process rank(int rank) throws Exception {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Rank.class.getName(),
                String.valueOf(rank),
                folder.resolve("store").toString()));
        return new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("rank" + rank).toFile())
                .start();
    }

    /** One of the two processes. */
    static final class Rank {

        private Rank() {}

        /** Arguments: its number, and the file where the two meet. */
        public static void main(String[] args) {
            torch.set_num_threads(1);
            Loader.load(torch_gloo.class);
            ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create();
            options.devices(new GlooDeviceVector(ProcessGroupGloo.createDeviceForHostname("127.0.0.1")));
            ProcessGroupGloo group =
                    new ProcessGroupGloo(new FileStore(args[1], 2), Integer.parseInt(args[0]), 2, options);
            for (int numbers : NUMBERS) {
                Tensor values = torch.ones(numbers);
                double[] seconds = new double[ROUNDS];
                for (int i = 0; i < ROUNDS; i++) {
                    long start = System.nanoTime();
                    group.allreduce(new TensorVector(values))._wait();
                    seconds[i] = (System.nanoTime() - start) / 1e9;
                }
                Arrays.sort(seconds);
                System.out.println("median " + seconds[ROUNDS / 2]);
            }
            group.barrier()._wait();
            System.exit(0);
        }
    }
}

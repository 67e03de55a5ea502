package org.dnallama.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class BenchCommandTest {

    @Test
    void demoShapeIsMeasuredAndWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("train.json");
        int code = BenchMain.run("train", "--shapes", "demo", "--repeats", "1", "--json", file.toString());
        assertThat(code).isZero();
        JsonNode figures = new ObjectMapper().readTree(file.toFile());
        // The product cannot be faster than the peak, nor any of these be nothing.
        assertThat(figures.path("vector.demo.gemmShare").asDouble()).isBetween(0.01, 1.1);
        assertThat(figures.path("vector.demo.vsLibTorch").asDouble()).isBetween(0.05, 20.0);
        assertThat(figures.path("vector.demo.memoryVsLibTorch").asDouble()).isBetween(0.05, 20.0);
        assertThat(figures.path("vector.demo.threads2").asDouble()).isBetween(0.05, 3.0);
        assertThat(figures.path("machine.cores").asInt()).isPositive();
    }

    /** Four gradients, and vector operations that are a small part of them; a busy machine may add to either side. */
    @Test
    void optimizersAreMeasuredAndWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("optim.json");
        int code = BenchMain.run("optim", "--shape", "demo", "--repeats", "1", "--json", file.toString());
        assertThat(code).isZero();
        JsonNode figures = new ObjectMapper().readTree(file.toFile());
        assertThat(figures.path("kt4.vsAdamw").asDouble()).isBetween(2.5, 6.5);
        assertThat(figures.path("kt4Split.vsAccumulatedAdamw").asDouble()).isBetween(0.6, 1.6);
        assertThat(figures.path("nadamw.vsAdamw").asDouble()).isBetween(0.6, 1.6);
        assertThat(figures.path("kt4Split.cpuSeconds").asDouble()).isPositive();
    }

    /** Two processes of one thread each: the machine may be busy, but nothing can be far off. */
    @Test
    @Tag("cluster")
    void twoProcessesAreMeasuredAndWritten(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("distributed.json");
        int code = BenchMain.run(
                "distributed", "--shape", "demo", "--megabytes", "8", "--repeats", "1", "--json", file.toString());
        assertThat(code).isZero();
        JsonNode figures = new ObjectMapper().readTree(file.toFile());
        assertThat(figures.path("allReduce.vsGloo").asDouble()).isBetween(0.1, 10.0);
        assertThat(figures.path("twoRanks.efficiency").asDouble()).isBetween(0.1, 1.5);
        assertThat(figures.path("twoRanks.apart").asDouble()).isBetween(0.1, 1.5);
        assertThat(figures.path("kt4.syncShare").asDouble()).isBetween(-0.7, 3.0);
        assertThat(figures.path("kt4.seconds").asDouble()).isPositive();
    }

    @Test
    void unknownNamesAreAUsageError() {
        assertThat(BenchMain.run("distributed", "--shape", "round", "--megabytes", "0"))
                .isEqualTo(2);
        assertThat(BenchMain.run("train", "--shapes", "round")).isEqualTo(2);
        assertThat(BenchMain.run("train", "--engines", "steam")).isEqualTo(2);
        assertThat(BenchMain.run("train", "--repeats", "0")).isEqualTo(2);
        assertThat(BenchMain.run("optim", "--shape", "round")).isEqualTo(2);
    }
}

package org.dnallama.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import org.dnallama.config.Seeds;
import org.dnallama.token.CharacterTokenizer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A genome that does not fit the heap. */
@Tag("cluster")
@Timeout(300)
final class ReadAheadMemoryTest {

    /** Parts of now and next, with what Java wants beside them. */
    private static final int HEAP_MEBIBYTES = 450;

    private static final int ROW_TOKENS = 510;
    /** 1.3 GiB of token ids. */
    private static final int ROWS = 700_000;

    @TempDir
    private Path folder;

    @Test
    void aRankSeesAWholeEpochOfIt() throws Exception {
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + HEAP_MEBIBYTES + "m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Epoch.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        assertThat(process.waitFor())
                .as(() -> read(log).stream().limit(20).collect(Collectors.joining("\n")))
                .isZero();
        assertThat(read(log)).contains("rows seen: " + ROWS);
    }

    private static List<String> read(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** One rank, which draws every row once. */
    static final class Epoch {

        private Epoch() {}

        /** Without arguments. */
        public static void main(String[] args) {
            int batchSize = 32;
            Examples examples = new NextTokenExamples(
                    new ReadAhead(new Genome(ROWS, ROW_TOKENS)), new CharacterTokenizer(), SoftMaskRule.NONE);
            long seen = 0;
            try (BatchSource source = new BatchSource(examples, batchSize, 8, new Seeds(1))) {
                for (long step = 1; step <= ROWS / batchSize; step++) {
                    seen += source.step(step).batches().stream()
                            .mapToInt(batch -> batch.rows())
                            .sum();
                }
            }
            System.out.println("rows seen: " + seen);
        }
    }
}

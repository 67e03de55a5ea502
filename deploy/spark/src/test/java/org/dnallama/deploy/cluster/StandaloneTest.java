package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The profile standalone, with the driver on either side. */
@Tag("cluster")
class StandaloneTest {

    @TempDir
    static Path folder;

    private static Standalone cluster;

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = Standalone.start(folder.resolve("cluster"));
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static Launch ingest(String mode, Path fasta, Path output) throws Exception {
        List<String> line = new ArrayList<>(List.of("ingest", "--cluster", "standalone"));
        line.addAll(List.of("--master", cluster.address(), "--deploy-mode", mode));
        line.addAll(List.of("--set", "ingest.fasta=" + fasta, "--set", "ingest.output=" + output));
        line.addAll(List.of("--", "--executor-cores", "1", "--executor-memory", "512m", "--driver-memory", "512m"));
        return Launch.start(folder, Map.of("SPARK_LOCAL_IP", "127.0.0.1"), line);
    }

    /** What the launcher said, and all drivers and executors of the cluster. */
    private static String story(Launch job) throws IOException {
        StringBuilder story = new StringBuilder(job.text());
        try (Stream<Path> logs = Files.walk(cluster.work())) {
            for (Path file : logs.filter(it -> it.endsWith("stderr")).toList()) {
                story.append("\n== ").append(file).append('\n').append(Files.readString(file));
            }
        }
        return story.toString();
    }

    @Test
    void aDriverOnAWorkerHandsItsExitCodeBack() throws Exception {
        Path bad = Files.writeString(folder.resolve("bad.fa"), ">c\nACGTJ\n");
        Path output = folder.resolve("bad");
        Launch job = ingest("cluster", bad, output);
        assertThat(job.code()).as(story(job)).isEqualTo(3);
        assertThat(job.text()).contains("ingest failed with exit code 3", "bad.fa: 'J' is no nucleotide code");
        assertThat(Path.of(output + ".status.json")).content().contains("\"state\" : \"failed\"");
        assertThat(output).doesNotExist();
    }

    @Test
    void bothModesMakeTheSameShards() throws Exception {
        Path fasta = Files.writeString(folder.resolve("good.fa"), ">c\n" + "ACGTTGCA".repeat(500) + "\n");
        for (String mode : List.of("client", "cluster")) {
            Path output = folder.resolve("shards-" + mode);
            Launch job = ingest(mode, fasta, output);
            assertThat(job.code()).as(story(job)).isZero();
            assertThat(output.resolve("_SUCCESS")).exists();
            assertThat(Path.of(output + ".status.json")).content().contains("\"state\" : \"done\"");
        }
        assertThat(shards("client")).isNotEmpty().isEqualTo(shards("cluster"));
    }

    private static List<String> shards(String mode) throws Exception {
        List<String> contents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder.resolve("shards-" + mode))) {
            for (Path file : files.filter(it -> it.toString().endsWith(".parquet"))
                    .sorted()
                    .toList()) {
                contents.add(file.getFileName() + Files.readString(file, StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}

package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The last stage of the Dockerfile, carried out in a folder instead of an image. */
@Tag("cluster")
class ImageLayoutTest {

    @TempDir
    Path root;

    /** Instructions after the last {@code FROM}, each on one line. */
    private static List<String> lastStage() throws IOException {
        String text = Files.readString(Launch.ROOT.resolve("deploy/image/Dockerfile"));
        return text.substring(text.lastIndexOf("\nFROM ") + 1)
                .replaceAll("(?m)^#.*\n", "")
                .replaceAll("\\\\\n\\s*", " ")
                .lines()
                .toList();
    }

    private void copy(List<String> words) throws IOException {
        String target = root + words.get(words.size() - 1);
        for (String source : words.subList(1, words.size() - 1)) {
            Path file = Launch.ROOT.resolve(source);
            assertThat(file).exists();
            Path link = target.endsWith("/") ? Path.of(target).resolve(file.getFileName()) : Path.of(target);
            Files.createDirectories(link.getParent());
            Files.createSymbolicLink(link, file);
        }
    }

    private void run(String command) throws Exception {
        // The folder is ours already, and only root may give it away.
        String here = command.replaceAll("&& chown \\S+ \\S+", "").replaceAll("(?=/opt/)", root.toString());
        Path log = root.resolve("log.txt");
        ProcessBuilder builder = new ProcessBuilder("bash", "-ec", here)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String java = Path.of(System.getProperty("java.home"), "bin").toString();
        builder.environment().put("PATH", java + ":" + System.getenv("PATH"));
        builder.environment().put("VARIANT", "cpu");
        Process process = builder.start();
        boolean ended = process.waitFor(Launch.LIMIT_SECONDS, TimeUnit.SECONDS);
        process.destroyForcibly();
        assertThat(ended).as(Files.readString(log)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(log)).isZero();
    }

    @Test
    void whatIsBuiltFitsAndUnpacksItsNatives() throws Exception {
        Files.createDirectories(root.resolve("opt"));
        Files.createSymbolicLink(root.resolve("opt/spark"), Launch.SPARK_HOME);
        for (String line : lastStage()) {
            List<String> words = List.of(line.split("\\s+"));
            switch (words.get(0)) {
                case "COPY" -> copy(words);
                case "RUN" -> run(line.substring("RUN ".length()));
                default -> assertThat(words.get(0)).isIn("FROM", "ARG", "LABEL", "USER", "ENV", "");
            }
        }
        assertThat(root.resolve("opt/dna-llama/conf/cluster/discover-gpus")).isExecutable();
        try (Stream<Path> natives = Files.walk(root.resolve("opt/dna-llama/natives"))) {
            List<String> names =
                    natives.map(file -> file.getFileName().toString()).toList();
            assertThat(names).contains("libjnidnnl.so", "libjnind4jcpu.so", "libjnijavacpp.so");
        }
    }
}

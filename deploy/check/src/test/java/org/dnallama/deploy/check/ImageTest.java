package org.dnallama.deploy.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No image is built here, for want of a builder and of bases; what a Dockerfile can get wrong by itself is looked at.
 */
class ImageTest {

    private static final String TEXT = Repository.text("deploy/image/Dockerfile");

    /** Instructions without comments, each on one line. */
    private static final List<String> LINES = TEXT.replaceAll("(?m)^#.*\n", "")
            .replaceAll("\\\\\n\\s*", " ")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();

    private static Stream<String> instructions(String name) {
        return LINES.stream()
                .filter(line -> line.startsWith(name + " "))
                .map(line -> line.substring(name.length() + 1).strip());
    }

    private static Stream<String> matches(String regex) {
        return Pattern.compile(regex).matcher(TEXT).results().map(MatchResult::group);
    }

    @Test
    void onlyKnownInstructionsStandInIt() {
        assertThat(LINES)
                .allMatch(line -> line.matches("(ARG|FROM|RUN|COPY|ENV|WORKDIR|ENTRYPOINT|LABEL|USER) .+"))
                .noneMatch(line -> line.startsWith("ADD "));
        assertThat(LINES.get(0)).startsWith("ARG ");
    }

    @Test
    void basesArePinned() {
        List<String> bases = instructions("ARG")
                .filter(argument -> argument.contains("_IMAGE="))
                .map(argument -> argument.substring(argument.indexOf('=') + 1))
                .toList();
        assertThat(bases)
                .hasSize(2)
                .allMatch(base -> base.matches("[a-z]+/[a-z]+:[0-9]+\\.[0-9]+\\.[0-9]+-[a-z0-9.-]+"))
                .anyMatch(base ->
                        base.startsWith("apache/spark:" + Repository.property("spark.version") + "-scala2.12-java17"));
        // The CUDA that ND4J was built for.
        assertThat(bases).anyMatch(base -> base.startsWith("nvidia/cuda:11.6."));
        assertThat(instructions("FROM"))
                .containsExactly("${SPARK_IMAGE} AS cpu", "${CUDA_IMAGE} AS cuda", "${VARIANT}");
    }

    @Test
    void itRunsAsNobodyInParticular() {
        List<String> users = instructions("USER").toList();
        assertThat(users).containsExactly("root", "185");
        assertThat(LINES.indexOf("USER 185")).isGreaterThan(LINES.indexOf("FROM ${VARIANT}"));
    }

    @Test
    void whatIsCopiedIsSentToTheBuilderAndMadeByThisVersion() {
        List<String> ignore =
                Repository.text("deploy/image/Dockerfile.dockerignore").lines().toList();
        assertThat(ignore).contains("*");
        List<String> sources = new ArrayList<>();
        instructions("COPY").filter(copy -> !copy.startsWith("--from")).forEach(copy -> {
            String[] words = copy.split("\\s+");
            sources.addAll(List.of(words).subList(0, words.length - 1));
        });
        assertThat(sources).hasSize(4);
        for (String source : sources) {
            assertThat(ignore.stream().filter(line -> line.startsWith("!")))
                    .as(source)
                    .anyMatch(line ->
                            source.matches(line.substring(1).replace(".", "\\.").replace("*", "[^/]*")));
            assertThat(Repository.ROOT.resolve(source.replaceAll("/target/.*", "")))
                    .isDirectory();
        }
        assertThat(matches("[0-9]+\\.[0-9]+\\.[0-9]+-SNAPSHOT")).containsOnly(Repository.version());
    }

    @Test
    void nativesAreUnpackedWhereManifestsLookForThem() {
        String folder = "-Dorg.bytedeco.javacpp.cachedir=/opt/dna-llama/natives";
        assertThat(TEXT).contains(folder);
        for (String name : List.of("data", "train")) {
            assertThat(Repository.text("deploy/kubernetes/spark-application-" + name + ".yaml"))
                    .contains(folder);
        }
    }
}

package org.dnallama;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The lines between the rooms of pipeline-core. */
final class ArchitectureTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dnallama");

    @Test
    void sparkAndHadoopStayInTheirRoom() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dnallama.spark..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.spark..", "org.apache.hadoop..", "org.apache.parquet..", "scala..")
                .check(CLASSES);
    }

    @Test
    void packagesDependAlongTheArrowsOfTheDiagram() throws IOException {
        Map<String, Set<String>> drawn = arrows();
        Map<String, Set<String>> real = CLASSES.stream()
                .flatMap(one -> one.getDirectDependenciesFromSelf().stream())
                .map(one -> List.of(room(one.getOriginClass()), room(one.getTargetClass())))
                .filter(pair -> !pair.contains("") && !pair.get(0).equals(pair.get(1)))
                .collect(groupingBy(pair -> pair.get(0), mapping(pair -> pair.get(1), toSet())));

        assertThat(real)
                .allSatisfy((from, targets) -> assertThat(reached(from, drawn))
                        .as("what the diagram lets %s use", from)
                        .containsAll(targets));
        assertThat(drawn)
                .allSatisfy((from, targets) ->
                        assertThat(real.get(from)).as("what %s uses", from).containsAll(targets));
    }

    /** The arrows of the diagram in docs/architecture.md. */
    private static Map<String, Set<String>> arrows() throws IOException {
        String page = Files.readString(Path.of("../docs/architecture.md"));
        return Pattern.compile("(?m)^ *(\\w+) --> (\\w+)$")
                .matcher(page)
                .results()
                .collect(groupingBy(arrow -> arrow.group(1), mapping(arrow -> arrow.group(2), toSet())));
    }

    /** The first part of a package's name below the root. */
    private static String room(JavaClass one) {
        Matcher matcher = Pattern.compile("org\\.dnallama\\.(\\w+).*").matcher(one.getPackageName());
        return matcher.matches() ? matcher.group(1) : "";
    }

    private static Set<String> reached(String from, Map<String, Set<String>> arrows) {
        Set<String> found = new HashSet<>();
        Deque<String> open = new ArrayDeque<>(arrows.getOrDefault(from, Set.of()));
        while (!open.isEmpty()) {
            String next = open.pop();
            if (found.add(next)) {
                open.addAll(arrows.getOrDefault(next, Set.of()));
            }
        }
        return found;
    }

    @Test
    void theScienceDoesNotKnowTheShell() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "org.dnallama.compute..",
                        "org.dnallama.model..",
                        "org.dnallama.optim..",
                        "org.dnallama.collective..",
                        "org.dnallama.token..",
                        "org.dnallama.dna..",
                        "org.dnallama.metric..",
                        "org.dnallama.checkpoint..",
                        "org.dnallama.generate..",
                        "org.dnallama.train..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.dnallama.spark..")
                .check(CLASSES);
    }

    @Test
    void onlyTheVectorBackendSeesVectors() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dnallama.compute.vector..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator.vector..")
                .check(CLASSES);
    }

    @Test
    void onlyTheBlasPackageSeesNativeProducts() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.dnallama.compute.blas..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco.dnnl..", "com.sun.jna..")
                .check(CLASSES);
    }

    @Test
    void onlyCollectivesAndBenchmarksSeeLibTorch() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.dnallama.collective..", "org.dnallama.bench..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.bytedeco.pytorch..", "org.bytedeco.openblas..")
                .check(CLASSES);
    }
}

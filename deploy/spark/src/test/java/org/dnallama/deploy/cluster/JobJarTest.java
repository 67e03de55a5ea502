package org.dnallama.deploy.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is in the jars that go to a cluster. */
class JobJarTest {

    private static Set<String> entries(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return zip.stream().map(entry -> entry.getName()).collect(Collectors.toSet());
        }
    }

    private static Set<String> job(String module) throws IOException {
        try (Stream<Path> files = Files.list(Launch.ROOT.resolve(module).resolve("target"))) {
            return entries(files.filter(file -> file.toString().endsWith("-spark.jar"))
                    .findFirst()
                    .orElseThrow());
        }
    }

    private static Set<String> spark() throws IOException {
        Set<String> all = new HashSet<>();
        try (Stream<Path> jars = Files.list(Launch.SPARK_HOME.resolve("jars"))) {
            for (Path jar : jars.toList()) {
                all.addAll(entries(jar));
            }
        }
        return all;
    }

    @ParameterizedTest
    @CsvSource({
        "genome-ingest, org/dnallama/ingest/IngestMain.class",
        "training-job, org/dnallama/training/TrainingMain.class",
        "eval-job, org/dnallama/evaluation/EvaluationMain.class"
    })
    void aJobJarHoldsItsJobAndNothingOfSparks(String module, String main) throws IOException {
        Set<String> jar = job(module);
        assertThat(jar)
                .contains(
                        main,
                        "reference.conf",
                        "org/dnallama/shaded/config/Config.class",
                        "org/dnallama/shaded/csv/CSVParser.class",
                        "org/dnallama/shaded/gson/Gson.class");
        Set<String> both = spark();
        both.retainAll(jar);
        assertThat(both.stream().filter(name -> name.endsWith(".class"))).isEmpty();
        // Hive, which a whole Spark has, brings classes under these names.
        assertThat(jar).noneMatch(name -> name.matches("(com/google/gson|org/json|org/apache/commons/csv)/.*\\.class"));
    }

    @ParameterizedTest
    @CsvSource({"genome-ingest, 0", "training-job, 3", "eval-job, 2"})
    void aJobJarHasTheNativesThatItNeedsOfOnePlatform(String module, int engines) throws IOException {
        Set<String> jar = job(module);
        assertThat(jar)
                .noneMatch(name -> name.matches(".*\\.(dll|dylib|jnilib)"))
                .noneMatch(name -> name.matches("com/sun/jna/(?!linux-x86-64)[^/]*/libjnidispatch.*"))
                .noneMatch(name -> name.matches("native/lib/(?!linux-x86_64)[^/]*/.+"));
        assertThat(jar).contains("native/lib/linux-x86_64/cpu/libtokenizers.so");
        assertThat(
                        jar.stream()
                                .filter(
                                        name -> name.matches(
                                                "org/bytedeco/.*/libjnitorch\\.so|.*/libjnind4jcpu\\.so|org/bytedeco/.*/libjnidnnl\\.so")))
                .hasSize(engines);
    }
}

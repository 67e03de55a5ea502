package org.dnallama;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
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

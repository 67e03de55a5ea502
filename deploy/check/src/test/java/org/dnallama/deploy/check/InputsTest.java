package org.dnallama.deploy.check;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.ObjectInputStream;
import org.dnallama.evaluation.EvaluationMain;
import org.dnallama.ingest.IngestMain;
import org.dnallama.training.TrainingMain;
import org.junit.jupiter.api.Test;

/** What the code of all modules does with what it is given. */
class InputsTest {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.dnallama");

    /** Whatever class a stream of Java objects names gets built; inputs are JSON, Parquet and plain bytes instead. */
    @Test
    void noneIsReadAsJavaObjects() {
        assertThat(CLASSES.contain(IngestMain.class)).isTrue();
        assertThat(CLASSES.contain(TrainingMain.class)).isTrue();
        assertThat(CLASSES.contain(EvaluationMain.class)).isTrue();
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(ObjectInputStream.class)
                .orShould()
                .dependOnClassesThat()
                .haveSimpleName("SerializationUtils")
                .check(CLASSES);
    }

    /** A path out of an archive could lead anywhere, so none is opened. */
    @Test
    void noArchiveIsUnpacked() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .haveNameMatching(
                        "java\\.util\\.zip\\.Zip(File|InputStream|Entry)|java\\.util\\.jar\\.Jar(File|InputStream)"
                                + "|org\\.apache\\.commons\\.compress\\.archivers\\..*")
                .check(CLASSES);
    }
}

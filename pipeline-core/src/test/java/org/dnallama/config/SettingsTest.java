package org.dnallama.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SettingsTest {

    @TempDir
    private Path folder;

    private enum Colour {
        DEEP_BLUE,
        RED
    }

    private File file(String text) throws Exception {
        return Files.writeString(folder.resolve("my.conf"), text).toFile();
    }

    @Test
    void laterLayersWin() throws Exception {
        Settings settings =
                Settings.load(List.of(file("pretrain.steps = 7\npretrain.validRows = 8")), List.of("pretrain.steps=9"));
        assertThat(settings.integer("pretrain.steps", 1)).isEqualTo(9);
        assertThat(settings.integer("pretrain.validRows", 1)).isEqualTo(8);
        settings.check();
    }

    @Test
    void everyErrorIsInOneMessage() throws Exception {
        Settings settings = Settings.load(
                List.of(file("pretrain.stepz = 7\npretrain.steps = many\npretrain.validRows = 0")), List.of());
        settings.integer("pretrain.steps", 1);
        settings.integer("pretrain.validRows", 1);
        settings.text("pretrain.shards");
        settings.choice("pretrain.training.optimizer", Colour.class);
        assertThatThrownBy(settings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pretrain.stepz: unknown key (")
                .hasMessageContaining("; those there are: denoising, from, ")
                .hasMessageContaining("my.conf: 1")
                .hasMessageContaining("pretrain.steps = \"many\": must be a whole number")
                .hasMessageContaining("pretrain.validRows = 0: must be at least 1")
                .hasMessageContaining("pretrain.shards: must be set, to a text")
                .hasMessageContaining("pretrain.training.optimizer = adamw: must be one of deep-blue, red");
    }

    @Test
    void listsOfNumbersNeedAtLeastOneAndNoneTwice() {
        Settings settings =
                Settings.load(List.of(), List.of("compare.study.seeds=7", "compare.study.learningRates=[1e-3, 2]"));
        assertThat(settings.longIntegers("compare.study.seeds")).containsExactly(7L);
        assertThat(settings.reals("compare.study.learningRates", 0, 2)).containsExactly(1e-3, 2.0);
        settings.check();

        Settings wrong =
                Settings.load(List.of(), List.of("compare.study.seeds=[x]", "compare.study.learningRates=[3, 3]"));
        assertThat(wrong.longIntegers("compare.study.seeds")).containsExactly(0L);
        wrong.reals("compare.study.learningRates", 0, 2);
        assertThatThrownBy(wrong::check)
                .hasMessageContaining("compare.study.seeds = [\"x\"]: must be a list of whole numbers")
                .hasMessageContaining("compare.study.learningRates has 3.0: must lie in [0.0, 2.0]")
                .hasMessageContaining("compare.study.learningRates = [3.0, 3.0]: must not name one twice");
    }

    @Test
    void aVariantChangesSomeKeysAndSharesErrors() {
        Settings settings = Settings.load(List.of(), List.of("pretrain.steps=9"));
        Settings variant = settings.with(List.of("pretrain.validRows=3", "pretrain.stepz=1"), "a test");
        assertThat(variant.integer("pretrain.steps", 1)).isEqualTo(9);
        assertThat(variant.integer("pretrain.validRows", 1)).isEqualTo(3);
        assertThat(settings.integer("pretrain.validRows", 1)).isNotEqualTo(3);
        assertThat(settings.isSet("pretrain.from")).isFalse();
        assertThatThrownBy(settings::check).hasMessageContaining("pretrain.stepz: unknown key (a test: 1)");
        assertThatThrownBy(() -> settings.with(List.of("pretrain.from=${NO_SUCH_VARIABLE_HERE}"), "a test"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("pretrain.from = ${NO_SUCH_VARIABLE_HERE}")
                .hasMessageContaining("(a test: 1)");
    }

    @Test
    void trainingIsSharedUntilAJobSaysOtherwise() {
        Settings settings = Settings.load(
                List.of(), List.of("training.batchSize=5", "finetune.training.batchSize=6", "training.optimizer=kt4"));
        assertThat(settings.integer("pretrain.training.batchSize", 1)).isEqualTo(5);
        assertThat(settings.integer("finetune.training.batchSize", 1)).isEqualTo(6);
        assertThat(settings.text("finetune.training.optimizer")).isEqualTo("kt4");
        settings.check();
    }

    @Test
    void missingFileIsNamed() {
        assertThatThrownBy(() -> Settings.load(List.of(new File("nowhere.conf")), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("nowhere.conf: no such file");
    }

    @Test
    void whatASubstitutionLacksIsNamedWithKeyAndFile() throws Exception {
        File file = file("finetune.data = ${NO_SUCH_VARIABLE_HERE}/x\ningest { fasta = [\"a\", ${NOR_THIS}] }");
        assertThatThrownBy(() -> Settings.load(List.of(file), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("The configuration has 2 errors")
                .hasMessageContaining(
                        "finetune.data = ${NO_SUCH_VARIABLE_HERE}\"/x\": there is no value for what stands in ${} (")
                .hasMessageContaining("my.conf: 1); set that environment variable, or the key itself with --set")
                .hasMessageContaining("ingest.fasta = [\"a\",${NOR_THIS}]")
                .hasMessageContaining("my.conf: 2)");
        File whole = file("finetune = ${NO_SUCH_SECTION} { data = x }");
        assertThatThrownBy(() -> Settings.load(List.of(whole), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune = ")
                .hasMessageContaining("${NO_SUCH_SECTION}")
                .hasMessageContaining("my.conf: 1");
    }

    /** Typesafe's own resolving of a file's part against the whole calls such files a bug of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "include \"base.conf\"\nfinetune.data = other",
                "include \"base.conf\"\nfinetune { data = other }",
                "finetune.data = ${NO_SUCH_VARIABLE_HERE}/y\nfinetune.data = other",
            })
    void aFileMayReplaceWhatAnIncludedOneSubstitutes(String text) throws Exception {
        Files.writeString(folder.resolve("base.conf"), "finetune.data = ${NO_SUCH_VARIABLE_HERE}/x");
        Settings settings = Settings.load(List.of(file(text)), List.of());
        assertThat(settings.text("finetune.data")).isEqualTo("other");
        settings.check();
    }

    @Test
    void anIncludedFileMayReplaceByASubstitution() throws Exception {
        Files.writeString(folder.resolve("base.conf"), "finetune.data = ${finetune.from}/x");
        File before = file("finetune.data = other\nfinetune.from = here\ninclude \"base.conf\"");
        assertThat(Settings.load(List.of(before), List.of()).text("finetune.data"))
                .isEqualTo("here/x");
        assertThat(Settings.load(List.of(before), List.of("finetune.data=mine")).text("finetune.data"))
                .isEqualTo("mine");
    }

    @Test
    void aSectionThatIsNoneIsNamed() throws Exception {
        File file = file("finetune = 3");
        assertThatThrownBy(() -> Settings.load(List.of(file), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune = 3: must be a section, with keys of its own (")
                .hasMessageContaining("my.conf: 1)");
        assertThatThrownBy(() -> Settings.load(List.of(), List.of("finetune.training=null")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("finetune.training = null: must be a section");
    }

    @Test
    void effectiveConfigDoesNotDependOnTheOrderOfKeys() throws Exception {
        Settings one = Settings.load(List.of(), List.of("seed=1", "pretrain.steps=2"));
        Settings other = Settings.load(List.of(), List.of("pretrain.steps=2", "seed=1"));
        assertThat(one.effective("seed", "pretrain")).isEqualTo(other.effective("seed", "pretrain"));
    }

    @Test
    void anOverrideMayBeAnAddress() {
        Settings settings = Settings.load(
                List.of(),
                List.of(
                        "ingest.fasta=s3a://b/{x,y}*.fa",
                        "ingest.output = hdfs://host:8020/a#b",
                        "pretrain.shards=a/b"));
        assertThat(settings.texts("ingest.fasta")).containsExactly("s3a://b/{x,y}*.fa");
        assertThat(settings.text("ingest.output")).isEqualTo("hdfs://host:8020/a#b");
        assertThat(settings.text("pretrain.shards")).isEqualTo("a/b");
        Settings lists = Settings.load(List.of(), List.of("ingest.fasta=[\"s3a://b/x.fa\", \"y.fa\"]"));
        assertThat(lists.texts("ingest.fasta")).containsExactly("s3a://b/x.fa", "y.fa");
    }

    @Test
    void sizesHaveUnits() {
        Settings settings = Settings.load(List.of(), List.of("ingest.shardSize=3MiB"));
        assertThat(settings.bytes("ingest.shardSize")).isEqualTo(3 << 20);
        Settings bad = Settings.load(List.of(), List.of("ingest.shardSize=large"));
        bad.bytes("ingest.shardSize");
        assertThatThrownBy(bad::check).hasMessageContaining("ingest.shardSize = \"large\": must be a size such as 5GB");
    }
}

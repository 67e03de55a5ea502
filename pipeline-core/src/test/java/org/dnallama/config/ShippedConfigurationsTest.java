package org.dnallama.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShippedConfigurationsTest {

    @Test
    void demoKnowsItsKeys() {
        Settings settings = Settings.load(List.of(conf("demo.conf")), List.of());
        settings.check();
        assertThat(settings.texts("ingest.fasta"))
                .containsExactly("demo-output/data/genome/demo1.fa", "demo-output/data/genome/demo2.fa.gz");
    }

    @ParameterizedTest
    @ValueSource(strings = {"llama3-8b.conf", "llama3-70b.conf"})
    void shapesKnowTheirKeys(String name) {
        Settings settings = Settings.load(List.of(conf(name)), List.of());
        settings.check();
        assertThat(settings.integer("plan.vocabularySize", 1)).isEqualTo(128256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "genome-chr2.conf",
                "promoter-core.conf",
                "promoter-tata-plain.conf",
                "promoter-llama.conf",
                "promoter-core-tata.conf",
                "promoter-core-notata.conf",
                "promoter-core-all.conf",
                "study-chr2.conf",
                "study-prom-core-tata.conf",
                "study-prom-core-notata.conf"
            })
    void othersKnowTheirKeysToo(String name) {
        // A substitution looks among the keys first, so this stands in for the environment and is the one unknown key.
        Settings settings = Settings.load(List.of(conf(name)), List.of("DNALLAMA_DATA=/data"));
        assertThatThrownBy(settings::check)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("has 1 error:")
                .hasMessageContaining("DNALLAMA_DATA: unknown key");
    }

    @Test
    void environmentIsSubstituted(@TempDir Path folder) throws IOException {
        File file = Files.writeString(folder.resolve("a.conf"), "ingest.output = ${PATH}/shards")
                .toFile();
        assertThat(Settings.load(List.of(file), List.of()).text("ingest.output"))
                .isEqualTo(System.getenv("PATH") + "/shards");
    }

    @Test
    void unsetVariableIsNamedWithItsPlaceAndRemedy(@TempDir Path folder) throws IOException {
        File file = Files.writeString(folder.resolve("a.conf"), "seed = 1\ningest.output = ${DNALLAMA_NOWHERE}/shards")
                .toFile();
        assertThatThrownBy(() -> Settings.load(List.of(file), List.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("ingest.output = ${DNALLAMA_NOWHERE}")
                .hasMessageContaining("a.conf: 2)")
                .hasMessageContaining("set that environment variable");
    }

    private static File conf(String name) {
        return new File("../conf", name);
    }
}

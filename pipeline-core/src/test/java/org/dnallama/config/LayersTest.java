package org.dnallama.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {

    @TempDir
    Path folder;

    private File file(String text) throws IOException {
        return Files.writeString(folder.resolve("x.conf"), text).toFile();
    }

    @Test
    void pairsAloneMakeTheSameSettingsAsFiles() throws IOException {
        File file = file("""
                ingest { fasta = [${ingest.output}"/*.fa", "it\\"s $x 'y' #1"], output = "s3a://bucket/out" }
                pretrain.training.learningRate = 3e-3
                importGue.classes = []
                ingest.tokenizer.kind = null
                """);
        List<String> overrides = List.of("ingest.contigs.allow=chr*");
        List<String> pairs = Settings.load(List.of(file), overrides).asOverrides();
        assertThat(pairs)
                .contains(
                        "ingest.contigs.allow=\"chr*\"",
                        "ingest.output=\"s3a://bucket/out\"",
                        "ingest.tokenizer.kind=null",
                        "pretrain.training.learningRate=0.003");
        String[] sections = {"ingest", "pretrain", "importGue"};
        assertThat(Settings.load(List.of(), pairs).effective(sections))
                .isEqualTo(Settings.load(List.of(file), overrides).effective(sections));
    }

    @Test
    void whatTheUserDidNotChangeIsLeftOut() {
        assertThat(Settings.load(List.of(), List.of("seed=7")).asOverrides()).containsExactly("seed=7");
    }
}

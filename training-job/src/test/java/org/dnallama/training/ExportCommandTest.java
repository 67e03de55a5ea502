package org.dnallama.training;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.ModelFolder;
import org.dnallama.checkpoint.Storage;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.spark.Commands;
import org.dnallama.spark.HadoopStorage;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExportCommandTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE =
            new LlamaConfig(TOKENIZER.vocabularySize(), 8, 1, 2, 1, 12, 16, 10000, 1e-5, false);

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();

    private Storage storage(String name) throws IOException {
        return new HadoopStorage(folder.resolve(name).toString(), new Configuration());
    }

    private void model(float finalGain) throws IOException {
        try (Parameters theta = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.5, new Seeds(1))) {
            backend.fill(theta.buffer(LlamaLayout.FINAL_NORM), finalGain);
            new ModelFolder(SHAPE, Head.LANGUAGE_MODEL, Pooling.LAST, TOKENIZER).write(storage("model"), theta);
        }
    }

    private int export(String... more) {
        List<String> args = new ArrayList<>(List.of(
                "--checkpoint",
                folder.resolve("model").toString(),
                "--out",
                folder.resolve("out").toString()));
        args.addAll(List.of(more));
        return Commands.run(new ExportCommand(), args.toArray(String[]::new));
    }

    private List<String> files(String name) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> !file.endsWith(".crc"))
                    .sorted()
                    .toList();
        }
    }

    private JsonNode json(String file) throws IOException {
        return new ObjectMapper().readTree(folder.resolve(file).toFile());
    }

    @Test
    void exportsInShardsAndTellsWhatFrom() throws IOException {
        model(2);
        assertThat(export("--dtype", "bf16", "--shard-size", "1KiB")).isEqualTo(Commands.DONE);
        assertThat(files("out"))
                .contains("_SUCCESS", "config.json", "manifest.json", "model.safetensors.index.json", "tokenizer.json")
                .contains("model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors")
                .doesNotContain("model.safetensors");
        assertThat(json("out/config.json").path("torch_dtype").asText()).isEqualTo("bfloat16");
        JsonNode manifest = json("out/manifest.json");
        assertThat(manifest.path("job").asText()).isEqualTo("export");
        assertThat(manifest.path("inputs").path(0).path("sha256").asText()).hasSize(64);
        assertThat(manifest.path("config").path("export").path("dtype").asText())
                .isEqualTo("bf16");

        ModelFolder exported = ModelFolder.read(storage("out"));
        assertThat(exported.config()).isEqualTo(SHAPE);
        float[] gains = new float[8];
        try (Parameters theta = exported.weights(storage("out"), backend, Head.LANGUAGE_MODEL, new Seeds(0))) {
            assertThat(manifest.path("parameters").asLong()).isEqualTo(theta.count());
            backend.read(theta.buffer(LlamaLayout.FINAL_NORM), gains);
        }
        assertThat(gains).containsOnly(2f);
    }

    @Test
    void aFinishedExportIsLeftAndAnotherIsNotOverwritten() throws IOException {
        model(2);
        assertThat(export()).isEqualTo(Commands.DONE);
        Path weights = folder.resolve("out/model.safetensors");
        var written = Files.getLastModifiedTime(weights);
        assertThat(export()).isEqualTo(Commands.DONE);
        assertThat(Files.getLastModifiedTime(weights)).isEqualTo(written);
        assertThat(export("--dtype", "f16")).isEqualTo(Commands.INPUT);
        assertThat(json("out/config.json").path("torch_dtype").asText()).isEqualTo("float32");
        assertThat(export("--dtype", "f16", "--overwrite")).isEqualTo(Commands.DONE);
        assertThat(json("out/config.json").path("torch_dtype").asText()).isEqualTo("float16");
    }

    @Test
    void whatFailsLeavesNoFolder() throws IOException {
        assertThat(export()).as("no checkpoint").isEqualTo(Commands.INPUT);
        model(70_000);
        assertThat(export("--dtype", "f16")).as("overflow").isEqualTo(Commands.INPUT);
        assertThat(export("--dtype", "f8")).as("type").isEqualTo(Commands.USAGE);
        assertThat(export("--shard-size", "large")).as("size").isEqualTo(Commands.USAGE);
        assertThat(export("--shard-size", "0")).as("size").isEqualTo(Commands.USAGE);
        assertThat(Commands.run(new ExportCommand())).as("nothing given").isEqualTo(Commands.USAGE);
        assertThat(folder.resolve("out")).doesNotExist();
    }
}

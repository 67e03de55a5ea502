package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
import org.dnallama.model.Initialization;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.RopeScaling;
import org.dnallama.model.TensorSpec;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class ModelFolderTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE =
            new LlamaConfig(TOKENIZER.vocabularySize(), 8, 2, 2, 1, 12, 16, 5000, 1e-5, false);

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();

    private LocalStorage write(Head head) throws Exception {
        LocalStorage storage = new LocalStorage(folder);
        try (Parameters theta = LlamaLayout.initialize(backend, SHAPE, head, 0.5, new Seeds(1))) {
            new ModelFolder(SHAPE, head, Pooling.MEAN, TOKENIZER).write(storage, theta);
        }
        return storage;
    }

    private float[] values(Parameters theta, String name) {
        float[] values = new float[(int) theta.buffer(name).length()];
        backend.read(theta.buffer(name), values);
        return values;
    }

    @Test
    void roundTripKeepsEveryBit() throws Exception {
        LocalStorage storage = write(Head.CLASSIFIER);
        ModelFolder read = ModelFolder.read(storage);
        assertThat(read.config()).isEqualTo(SHAPE);
        assertThat(read.head()).isEqualTo(Head.CLASSIFIER);
        assertThat(read.pooling()).isEqualTo(Pooling.MEAN);
        assertThat(read.tokenizer().toJson()).isEqualTo(TOKENIZER.toJson());
        try (Parameters written = LlamaLayout.initialize(backend, SHAPE, Head.CLASSIFIER, 0.5, new Seeds(1));
                Parameters theta = read.weights(storage, backend, Head.CLASSIFIER, new Seeds(99))) {
            for (TensorSpec spec : theta.specs()) {
                assertThat(values(theta, spec.name())).as(spec.name()).isEqualTo(values(written, spec.name()));
            }
        }
    }

    @Test
    void configSpeaksHuggingFace() throws Exception {
        write(Head.LANGUAGE_MODEL);
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("config.json").toFile());
        assertThat(json.path("architectures").path(0).asText()).isEqualTo("LlamaForCausalLM");
        assertThat(json.path("hidden_size").asInt()).isEqualTo(8);
        assertThat(json.path("num_key_value_heads").asInt()).isEqualTo(1);
        assertThat(json.path("intermediate_size").asInt()).isEqualTo(12);
        assertThat(json.path("rope_theta").asDouble()).isEqualTo(5000);
        assertThat(json.path("tie_word_embeddings").asBoolean()).isFalse();
    }

    private static final LlamaConfig EXTENDED = new LlamaConfig(
            TOKENIZER.vocabularySize(),
            8,
            2,
            2,
            1,
            12,
            16,
            5000,
            RopeScaling.NONE,
            1e-5,
            false,
            new Extensions(List.of(3, 5), true, Extensions.Attention.BIDIRECTIONAL));

    private ModelFolder writeExtended(Pooling pooling) throws Exception {
        ModelFolder model = new ModelFolder(EXTENDED, Head.CLASSIFIER, pooling, TOKENIZER);
        try (Parameters theta = LlamaLayout.initialize(
                backend,
                EXTENDED,
                LlamaLayout.groups(EXTENDED, Head.CLASSIFIER, pooling),
                Initialization.constant(0.5),
                new Seeds(1))) {
            model.write(new LocalStorage(folder), theta);
        }
        return model;
    }

    @ParameterizedTest
    @EnumSource(Pooling.class)
    void whatGoesBeyondLlamaComesBackToo(Pooling pooling) throws Exception {
        ModelFolder written = writeExtended(pooling);
        ModelFolder read = ModelFolder.read(new LocalStorage(folder));
        assertThat(read.config()).isEqualTo(written.config());
        assertThat(read.pooling()).isEqualTo(pooling);
        try (Parameters theta = read.weights(new LocalStorage(folder), backend, Head.CLASSIFIER, new Seeds(99))) {
            assertThat(theta.has(LlamaLayout.POOL)).isEqualTo(pooling == Pooling.FLAT);
            assertThat(values(theta, "model.embed_5mers.weight")).hasSize(1025 * 8);
            assertThat(values(theta, LlamaLayout.SCORE)).hasSize(pooling == Pooling.ENDS ? 32 : 16);
        }
    }

    @Test
    void configTellsWhatGoesBeyondLlamaUnderOneKey() throws Exception {
        writeExtended(Pooling.FLAT);
        Path config = folder.resolve("config.json");
        JsonNode json = new ObjectMapper().readTree(config.toFile());
        assertThat(json.path("dnallama").toString())
                .isEqualTo("{\"pooling\":\"flat\",\"kmers\":[3,5],\"learned_positions\":true,"
                        + "\"attention\":\"bidirectional\"}");
        Files.writeString(config, Files.readString(config).replace("\"flat\"", "\"max\""));
        assertThatThrownBy(() -> ModelFolder.read(new LocalStorage(folder)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("dnallama.pooling = 'max' is not supported; one of [last, mean, ends, flat] is");
    }

    @Test
    void onlyAPlainModelIsExported() throws Exception {
        writeExtended(Pooling.FLAT);
        LocalStorage storage = new LocalStorage(folder);
        assertThatThrownBy(
                        () -> ModelExport.write(storage, new LocalStorage(folder.resolve("out")), WeightFormat.EXACT))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("config.json: the model has more than LLaMA's parts, {\"pooling\":\"flat\"")
                .hasMessageContaining("only a model without them can be exported");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void aClassifierTakesUpAnotherPooling() throws Exception {
        LocalStorage storage = write(Head.CLASSIFIER);
        ModelFolder read = ModelFolder.read(storage);
        try (Parameters theta = read.weights(
                        storage, backend, LlamaLayout.groups(SHAPE, Head.CLASSIFIER, Pooling.FLAT), new Seeds(5));
                Parameters stored = read.weights(storage, backend, Head.CLASSIFIER, new Seeds(6))) {
            assertThat(values(theta, LlamaLayout.SCORE)).isEqualTo(values(stored, LlamaLayout.SCORE));
            assertThat(values(theta, LlamaLayout.POOL)).hasSize(16 * 8).doesNotContain(0f);
        }
    }

    @Test
    void languageModelGivesAClassifierWithANewHead() throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        ModelFolder read = ModelFolder.read(storage);
        try (Parameters theta = read.weights(storage, backend, Head.CLASSIFIER, new Seeds(5));
                Parameters stored = read.weights(storage, backend, Head.LANGUAGE_MODEL, new Seeds(6))) {
            assertThat(values(theta, LlamaLayout.EMBEDDING)).isEqualTo(values(stored, LlamaLayout.EMBEDDING));
            assertThat(values(theta, LlamaLayout.SCORE)).hasSize(16).doesNotContain(0f);
        }
    }

    @Test
    void badFoldersAreNamed() throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        Path config = folder.resolve("config.json");
        String good = Files.readString(config);
        Files.writeString(config, good.replace("\"intermediate_size\" : 12", "\"intermediate_size\" : 16"));
        assertThatThrownBy(() -> ModelFolder.read(storage).weights(storage, backend, Head.LANGUAGE_MODEL, new Seeds(0)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining(
                        "model.layers.0.mlp.down_proj.weight has shape [8, 12], config.json asks for [8, 16]")
                .hasMessageContaining(
                        "model.layers.1.mlp.up_proj.weight has shape [12, 8], config.json asks for [16, 8]");
        Files.writeString(config, good.replace("\"num_hidden_layers\" : 2", "\"num_hidden_layers\" : 3"));
        assertThatThrownBy(() -> ModelFolder.read(storage).weights(storage, backend, Head.LANGUAGE_MODEL, new Seeds(0)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no model.layers.2.");
        Files.writeString(config, good.replace("LlamaForCausalLM", "BertModel"));
        assertThatThrownBy(() -> ModelFolder.read(storage))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("'BertModel' is not supported");
        Files.delete(config);
        assertThatThrownBy(() -> ModelFolder.read(storage))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has no config.json");
    }
}

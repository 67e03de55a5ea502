package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.dnallama.compute.Backend;
import org.dnallama.compute.Buffer;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.LoraSettings.Precision;
import org.dnallama.model.Parameters;
import org.dnallama.model.Pooling;
import org.dnallama.model.TensorSpec;
import org.dnallama.token.CharacterTokenizer;
import org.dnallama.token.Tokenizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class AdapterFolderTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE =
            new LlamaConfig(TOKENIZER.vocabularySize(), 8, 2, 2, 1, 12, 16, 5000, 1e-5, true);
    private static final LoraSettings SETTINGS =
            new LoraSettings(3, 6, 0.05, List.of("q", "down"), List.of("embed_tokens"), Precision.FLOAT32, "runs/base");

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();

    private Parameters whole(Head head) {
        return LlamaLayout.initialize(backend, SHAPE, head, 0.5, new Seeds(1));
    }

    /** Every number of the adapters and saved modules is drawn anew, as if it had been trained. */
    private Parameters trained(Head head) {
        Parameters theta = Lora.adapt(whole(head), SETTINGS, new Seeds(2));
        RandomGenerator random = new Seeds(3).stream("trained");
        for (TensorSpec spec : theta.specs()) {
            float[] values = new float[(int) spec.length()];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            backend.write(theta.buffer(spec.name()), values);
        }
        return theta;
    }

    private LocalStorage write(Head head) throws Exception {
        LocalStorage storage = new LocalStorage(folder);
        try (Parameters theta = trained(head)) {
            AdapterFolder.write(storage, theta, new ModelFolder(SHAPE, head, Pooling.LAST, TOKENIZER));
        }
        return storage;
    }

    private float[] values(Parameters theta, String name) {
        float[] values = new float[(int) theta.buffer(name).length()];
        backend.read(theta.buffer(name), values);
        return values;
    }

    @Test
    void namesAndShapesArePefts() throws Exception {
        write(Head.CLASSIFIER);
        Map<String, Safetensors.Tensor> tensors = Safetensors.read(folder.resolve("adapter/adapter_model.safetensors"));
        assertThat(tensors.keySet())
                .containsExactlyInAnyOrder(
                        "base_model.model.model.embed_tokens.weight",
                        "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight",
                        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.weight",
                        "base_model.model.model.layers.0.mlp.down_proj.lora_A.weight",
                        "base_model.model.model.layers.0.mlp.down_proj.lora_B.weight",
                        "base_model.model.model.layers.1.self_attn.q_proj.lora_A.weight",
                        "base_model.model.model.layers.1.self_attn.q_proj.lora_B.weight",
                        "base_model.model.model.layers.1.mlp.down_proj.lora_A.weight",
                        "base_model.model.model.layers.1.mlp.down_proj.lora_B.weight",
                        "base_model.model.score.weight");
        // PEFT's are torch.nn.Linear's: (outputs, inputs), so A is (rank, inputs) and B is (outputs, rank).
        assertThat(tensors.get("base_model.model.model.layers.0.mlp.down_proj.lora_A.weight"))
                .satisfies(a -> assertThat(a.shape()).containsExactly(3, 12));
        assertThat(tensors.get("base_model.model.model.layers.0.mlp.down_proj.lora_B.weight"))
                .satisfies(b -> assertThat(b.shape()).containsExactly(8, 3));
    }

    private JsonNode config() throws Exception {
        return new ObjectMapper()
                .readTree(folder.resolve("adapter/adapter_config.json").toFile());
    }

    @Test
    void configIsPefts() throws Exception {
        write(Head.CLASSIFIER);
        JsonNode json = config();
        assertThat(json.path("peft_type").asText()).isEqualTo("LORA");
        assertThat(json.path("task_type").asText()).isEqualTo("SEQ_CLS");
        assertThat(json.path("base_model_name_or_path").asText()).isEqualTo("runs/base");
        assertThat(json.path("r").asInt()).isEqualTo(3);
        assertThat(json.path("lora_alpha").asDouble()).isEqualTo(6);
        assertThat(json.path("lora_dropout").asDouble()).isEqualTo(0.05);
        assertThat(json.path("target_modules").toString()).isEqualTo("[\"q_proj\",\"down_proj\"]");
        assertThat(json.path("modules_to_save").toString()).isEqualTo("[\"embed_tokens\",\"score\"]");
        assertThat(json.path("ensure_weight_tying").asBoolean()).isFalse();
        assertThat(json.path("bias").asText()).isEqualTo("none");
    }

    @Test
    void configOfALanguageModelKeepsItsHeadTied() throws Exception {
        write(Head.LANGUAGE_MODEL);
        assertThat(config().path("task_type").asText()).isEqualTo("CAUSAL_LM");
        assertThat(config().path("modules_to_save").toString()).isEqualTo("[\"embed_tokens\"]");
        assertThat(config().path("ensure_weight_tying").asBoolean()).isTrue();
    }

    @Test
    void roundTripKeepsEveryBit() throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        LoraSettings settings = AdapterFolder.settings(storage, Precision.FLOAT32);
        assertThat(settings).isEqualTo(SETTINGS);
        try (Parameters written = trained(Head.LANGUAGE_MODEL);
                Parameters read = Lora.adapt(whole(Head.LANGUAGE_MODEL), settings, new Seeds(99))) {
            AdapterFolder.read(storage, read);
            for (TensorSpec spec : written.specs()) {
                assertThat(values(read, spec.name())).as(spec.name()).isEqualTo(values(written, spec.name()));
            }
        }
    }

    /** PEFT writes no folder of ours around its files, and notes every name that a classifier's head may have. */
    @Test
    void readsWhatPeftItselfWrites() throws Exception {
        write(Head.CLASSIFIER);
        Path config = folder.resolve("adapter/adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"score\"", "\"classifier\", \"score\""));
        LocalStorage peft = new LocalStorage(folder.resolve("adapter"));
        assertThat(AdapterFolder.head(peft)).isEqualTo(Head.CLASSIFIER);
        LoraSettings settings = AdapterFolder.settings(peft, Precision.FLOAT32);
        assertThat(settings.modulesToSave()).containsExactly("embed_tokens", "score");
        try (Parameters theta = Lora.adapt(whole(Head.CLASSIFIER), settings, new Seeds(99));
                Parameters written = trained(Head.CLASSIFIER)) {
            AdapterFolder.read(peft, theta);
            assertThat(values(theta, LlamaLayout.SCORE)).isEqualTo(values(written, LlamaLayout.SCORE));
        }
    }

    /** What an adapter leaves as a plain checkpoint, and what comes back when it is taken out of that again. */
    @Test
    void mergedCheckpointIsPlainAndUnmerges() throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        ModelFolder model = new ModelFolder(SHAPE, Head.LANGUAGE_MODEL, Pooling.LAST, TOKENIZER);
        try (Parameters theta = trained(Head.LANGUAGE_MODEL);
                Parameters merged = Lora.merge(theta)) {
            model.write(storage, merged);
        }
        try (Parameters base = whole(Head.LANGUAGE_MODEL);
                Parameters theta = trained(Head.LANGUAGE_MODEL);
                Parameters read =
                        ModelFolder.read(storage).weights(storage, backend, Head.LANGUAGE_MODEL, new Seeds(0))) {
            assertThat(read.specs()).isEqualTo(base.specs());
            String saved = LlamaLayout.EMBEDDING;
            assertThat(values(read, saved)).isEqualTo(values(theta, saved));
            Lora.unmerge(read, theta);
            for (TensorSpec spec : base.specs()) {
                if (!spec.name().equals(saved)) {
                    // Weights of about 0.5 and products of about 5: roundings of some 1e-7 each.
                    assertThat(values(read, spec.name()))
                            .as(spec.name())
                            .containsExactly(values(base, spec.name()), within(3e-6f));
                }
            }
        }
    }

    /** However the frozen weights rest, they are the adapter's own; one number changed, and they are not. */
    @ParameterizedTest
    @EnumSource(Precision.class)
    void anotherBaseOfTheSameShapeIsRefused(Precision frozen) throws Exception {
        LocalStorage storage = write(Head.CLASSIFIER);
        LoraSettings settings = AdapterFolder.settings(storage, frozen);
        try (Parameters theta = Lora.adapt(whole(Head.CLASSIFIER), settings, new Seeds(99))) {
            assertThatCode(() -> AdapterFolder.requireBase(storage, theta, "runs/base"))
                    .doesNotThrowAnyException();
        }
        Parameters other = whole(Head.CLASSIFIER);
        Buffer down = other.buffer("model.layers.1.mlp.down_proj.weight");
        backend.write(down.slice(down.length() - 1, 1), new float[] {9});
        try (Parameters theta = Lora.adapt(other, settings, new Seeds(99))) {
            assertThatThrownBy(() -> AdapterFolder.requireBase(storage, theta, "runs/other"))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("was trained over other weights than those of runs/other")
                    .hasMessageContaining("give its own base, which was runs/base");
            Files.delete(folder.resolve("adapter/base.sha256"));
            assertThatCode(() -> AdapterFolder.requireBase(storage, theta, "runs/other"))
                    .as("PEFT's own do not say")
                    .doesNotThrowAnyException();
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"LORA\"          | \"LOHA\"            | peft_type = \"LOHA\" is not supported; only LORA is",
                "\"none\"          | \"all\"             | bias = \"all\" is not supported",
                "\"use_dora\" : false | \"use_dora\" : true | use_dora = true is not supported",
                "\"q_proj\"        | \"w1\"              | target_modules = [w1, down] is not supported; only [q, k,",
                "[ \"q_proj\", \"down_proj\" ] | \".*_proj\" | expressions are not supported",
                "\"r\" : 3         | \"r\" : 0           | r = 0 and lora_alpha = 6.0 must be positive",
                "\"r\" : 3         | \"r\" : 3, \"rank_pattern\" : {\"q\": 1} | only adapters of one rank on all layers",
            })
    void unsupportedKindsAreNamed(String good, String bad, String message) throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        Path config = folder.resolve("adapter/adapter_config.json");
        String text = Files.readString(config);
        assertThat(text).contains(good);
        Files.writeString(config, text.replace(good, bad));
        assertThatThrownBy(() -> AdapterFolder.settings(storage, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("adapter/adapter_config.json: ")
                .hasMessageContaining(message);
    }

    @Test
    void tensorsThatDoNotFitAreNamed() throws Exception {
        LocalStorage storage = write(Head.LANGUAGE_MODEL);
        LoraSettings fewer =
                new LoraSettings(3, 6, 0, List.of("q"), List.of("embed_tokens"), Precision.FLOAT32, "runs/base");
        try (Parameters theta = Lora.adapt(whole(Head.LANGUAGE_MODEL), fewer, new Seeds(1))) {
            assertThatThrownBy(() -> AdapterFolder.read(storage, theta))
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("has unknown tensors")
                    .hasMessageContaining("layers.0.mlp.down_proj.lora_A.weight");
        }
        Files.delete(folder.resolve("adapter/adapter_config.json"));
        assertThatThrownBy(() -> AdapterFolder.settings(storage, Precision.FLOAT32))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("has neither adapter/adapter_config.json nor adapter_config.json");
    }
}

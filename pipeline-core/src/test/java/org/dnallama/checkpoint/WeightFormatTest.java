package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.dnallama.compute.Backend;
import org.dnallama.compute.vector.VectorBackend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Exports in every type, whole and in shards, and what reading says of folders that do not fit. */
final class WeightFormatTest {

    private static final Tokenizer TOKENIZER = new CharacterTokenizer();
    private static final LlamaConfig SHAPE = new LlamaConfig(
            TOKENIZER.vocabularySize(),
            8,
            2,
            2,
            1,
            12,
            16,
            5000,
            new RopeScaling(8, 1, 4, 8192),
            1e-5,
            false,
            Extensions.NONE);
    private static final LlamaConfig TIED =
            new LlamaConfig(TOKENIZER.vocabularySize(), 8, 2, 2, 1, 12, 16, 5000, 1e-5, true);

    @TempDir
    private Path folder;

    private final Backend backend = new VectorBackend();

    private LocalStorage at(String name) {
        return new LocalStorage(folder.resolve(name));
    }

    private LocalStorage model(LlamaConfig shape, Head head) throws IOException {
        try (Parameters theta = LlamaLayout.initialize(backend, shape, head, 0.5, new Seeds(1))) {
            new ModelFolder(shape, head, Pooling.LAST, TOKENIZER).write(at("model"), theta);
        }
        return at("model");
    }

    private Map<String, float[]> weights(Storage storage) {
        ModelFolder model = ModelFolder.read(storage);
        try (Parameters theta = model.weights(storage, backend, model.head(), new Seeds(9))) {
            Map<String, float[]> values = new TreeMap<>();
            for (TensorSpec spec : theta.specs()) {
                float[] numbers = new float[(int) spec.length()];
                backend.read(theta.buffer(spec.name()), numbers);
                values.put(spec.name(), numbers);
            }
            return values;
        }
    }

    private static Map<String, String> bytes(Path exported) throws IOException {
        Map<String, String> tensors = new HashMap<>();
        try (var names = Files.list(exported)) {
            for (Path file : names.filter(name -> name.toString().endsWith(".safetensors"))
                    .toList()) {
                tensors.putAll(MiniReader.read(file));
            }
        }
        return tensors;
    }

    /** Exported once, the weights are rounded; exported again in the same type, they are the same bytes. */
    @ParameterizedTest
    @CsvSource({"F32, 1000000", "F16, 1000000", "BF16, 1000000", "F32, 900", "F16, 450", "BF16, 1"})
    void roundTripsAreBitExactWholeAndInShards(Dtype dtype, long shardBytes) throws IOException {
        LocalStorage model = model(SHAPE, Head.CLASSIFIER);
        WeightFormat format = new WeightFormat(dtype, shardBytes);
        long parameters = ModelExport.write(model, at("once"), format);
        ModelExport.write(at("once"), at("twice"), new WeightFormat(dtype, 2 * shardBytes));
        ModelExport.write(new Unmapped(at("twice")), at("exact"), WeightFormat.EXACT);

        Map<String, String> once = bytes(folder.resolve("once"));
        assertThat(bytes(folder.resolve("twice"))).isEqualTo(once);
        assertThat(ModelFolder.read(at("once")).config()).isEqualTo(SHAPE);
        Map<String, float[]> original = weights(model);
        Map<String, float[]> rounded = weights(at("once"));
        Map<String, float[]> exact = weights(at("exact"));
        assertThat(rounded.keySet()).isEqualTo(once.keySet()).isEqualTo(original.keySet());
        double step = dtype == Dtype.F32 ? 0 : dtype == Dtype.F16 ? 1.0 / 2048 : 1.0 / 256;
        long count = 0;
        for (Map.Entry<String, float[]> tensor : original.entrySet()) {
            float[] got = rounded.getOrDefault(tensor.getKey(), new float[0]);
            assertThat(exact.get(tensor.getKey())).isEqualTo(got);
            for (int i = 0; i < got.length; i++) {
                float wanted = tensor.getValue()[i];
                // Half a step relative, or half of float16's smallest step.
                assertThat(Math.abs(got[i] - wanted))
                        .isLessThanOrEqualTo((float) (step * Math.abs(wanted) + 3e-8 * step));
            }
            count += got.length;
        }
        assertThat(parameters).isEqualTo(count);
    }

    @Test
    void shardsKeepToTheirSizeAndTheIndexNamesEachTensor() throws IOException {
        LocalStorage model = model(SHAPE, Head.LANGUAGE_MODEL);
        ModelExport.write(model, at("shards"), new WeightFormat(Dtype.BF16, 400));
        JsonNode index = new ObjectMapper()
                .readTree(folder.resolve("shards/model.safetensors.index.json").toFile());
        List<String> files = at("shards").list("").stream()
                .filter(name -> name.endsWith(".safetensors"))
                .toList();
        assertThat(files)
                .hasSizeGreaterThan(3)
                .first()
                .isEqualTo("model-00001-of-%05d.safetensors".formatted(files.size()));
        long total = 0;
        for (String file : files) {
            Map<String, String> tensors =
                    MiniReader.read(folder.resolve("shards").resolve(file));
            long size = 0;
            for (Map.Entry<String, String> tensor : tensors.entrySet()) {
                assertThat(index.path("weight_map").path(tensor.getKey()).asText())
                        .isEqualTo(file);
                String hex = tensor.getValue();
                size += (hex.length() - hex.lastIndexOf(' ') - 1) / 2;
            }
            assertThat(size).isLessThanOrEqualTo(400);
            total += size;
        }
        assertThat(index.path("metadata").path("total_size").asLong()).isEqualTo(total);
        assertThat(index.path("weight_map")).hasSize(3 + 2 * 9);
    }

    @ParameterizedTest
    @EnumSource(Dtype.class)
    void configTellsTheTypeAndKeepsEveryOtherField(Dtype dtype) throws IOException {
        LocalStorage model = model(SHAPE, Head.CLASSIFIER);
        Path config = folder.resolve("model/config.json");
        Files.writeString(config, Files.readString(config).replace("non-promoter", "enhancer"));
        ModelExport.write(model, at("out"), new WeightFormat(dtype, 1_000_000));
        JsonNode json =
                new ObjectMapper().readTree(folder.resolve("out/config.json").toFile());
        assertThat(json.path("torch_dtype").asText()).isEqualTo(dtype.torchName());
        assertThat(json.path("id2label").path("0").asText()).isEqualTo("enhancer");
        assertThat(Files.readString(folder.resolve("out/tokenizer.json"))).isEqualTo(TOKENIZER.toJson());
        assertThat(at("out").list("")).containsExactly("config.json", "model.safetensors", "tokenizer.json");
    }

    @Test
    void weightTooLargeForFloat16IsNamed() throws IOException {
        try (Parameters theta = LlamaLayout.initialize(backend, SHAPE, Head.LANGUAGE_MODEL, 0.5, new Seeds(1))) {
            backend.fill(theta.buffer(LlamaLayout.FINAL_NORM), 1e5);
            new ModelFolder(SHAPE, Head.LANGUAGE_MODEL, Pooling.LAST, TOKENIZER).write(at("model"), theta);
        }
        assertThatThrownBy(() -> ModelExport.write(at("model"), at("out"), new WeightFormat(Dtype.F16, 1_000)))
                .isInstanceOf(InputException.class)
                .hasMessage(
                        "tensor model.norm.weight holds 100000.0, which is too large for float16; choose another type");
    }

    @Test
    void tiedEmbeddingsNeedNoHeadAndTakeNoneFromTheFile() throws IOException {
        LocalStorage model = model(TIED, Head.LANGUAGE_MODEL);
        Map<String, float[]> without = weights(model);
        assertThat(without).doesNotContainKey(LlamaLayout.LM_HEAD);
        Map<String, Safetensors.Tensor> tensors = Safetensors.read(folder.resolve("model/model.safetensors"));
        tensors.put(
                LlamaLayout.LM_HEAD,
                new Safetensors.Tensor(List.of(TIED.vocabularySize(), 8), new float[TIED.vocabularySize() * 8]));
        rewrite(tensors);
        assertThat(weights(model)).usingRecursiveComparison().isEqualTo(without);
    }

    @Test
    void everyMissingUnknownAndMisshapenTensorIsListedAtOnce() throws IOException {
        LocalStorage model = model(SHAPE, Head.LANGUAGE_MODEL);
        Map<String, Safetensors.Tensor> tensors = Safetensors.read(folder.resolve("model/model.safetensors"));
        tensors.remove("model.norm.weight");
        tensors.remove("lm_head.weight");
        tensors.put("model.layers.0.self_attn.q_proj.bias", new Safetensors.Tensor(List.of(8), new float[8]));
        tensors.put("score.weight", new Safetensors.Tensor(List.of(2, 8), new float[16]));
        tensors.put("model.layers.0.self_attn.rotary_emb.inv_freq", new Safetensors.Tensor(List.of(2), new float[2]));
        tensors.put("model.layers.1.self_attn.v_proj.weight", new Safetensors.Tensor(List.of(8, 4), new float[32]));
        tensors.put("model.layers.1.self_attn.k_proj.weight", new Safetensors.Tensor(List.of(32), new float[32]));
        rewrite(tensors);
        assertThatThrownBy(() -> weights(model))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("model.safetensors: has no lm_head.weight, model.norm.weight; "
                        + "has unknown tensors model.layers.0.self_attn.q_proj.bias, score.weight; ")
                .hasMessageContaining("v_proj.weight has shape [8, 4], config.json asks for [4, 8]")
                .hasMessageContaining("k_proj.weight has shape [32], config.json asks for [4, 8]")
                .hasMessageNotContaining("inv_freq");
    }

    @Test
    void shardsThatDoNotFitTheirIndexAreNamed() throws IOException {
        LocalStorage model = model(SHAPE, Head.LANGUAGE_MODEL);
        ModelExport.write(model, at("s"), new WeightFormat(Dtype.F32, 1_000));
        Path index = folder.resolve("s/model.safetensors.index.json");
        String good = Files.readString(index);
        String[] files = at("s").list("").stream()
                .filter(name -> name.endsWith(".safetensors"))
                .toArray(String[]::new);

        Files.writeString(index, good.replace("model.norm.weight", "model.norm.other"));
        refused("has no model.norm.other", "also has model.norm.weight");
        Files.writeString(index, good.replace(files[0], "../model/model.safetensors"));
        refused("\"../model/model.safetensors\" of tensor model.embed_tokens.weight is no name");
        Files.writeString(index, "{}");
        refused("has no object weight_map");
        Files.writeString(index, good);
        Files.delete(folder.resolve("s").resolve(files[0]));
        Files.delete(folder.resolve("s").resolve(files[2]));
        refused("names files that are not there: " + files[0] + ", " + files[2]);
        Files.delete(index);
        refused("has neither model.safetensors nor model.safetensors.index.json");
    }

    private void refused(String... texts) {
        var thrown = assertThatThrownBy(() -> weights(at("s"))).isInstanceOf(InputException.class);
        Arrays.stream(texts).forEach(thrown::hasMessageContaining);
    }

    private void rewrite(Map<String, Safetensors.Tensor> tensors) throws IOException {
        Safetensors.write(
                folder.resolve("model/model.safetensors"),
                tensors.entrySet().stream()
                        .map(tensor -> Safetensors.Entry.of(
                                tensor.getKey(),
                                tensor.getValue().shape(),
                                tensor.getValue().numbers()))
                        .toList(),
                Map.of());
    }
}

package org.dnallama.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.dnallama.config.InputException;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.Pooling;
import org.dnallama.model.RopeScaling;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConfigJsonTest {

    private static final String SIZES = """
            "architectures": ["LlamaForCausalLM"], "vocab_size": 128256, "hidden_size": 4096, "num_hidden_layers": 32,
            "num_attention_heads": 32, "intermediate_size": 14336, "max_position_embeddings": 131072""";
    private static final String SCALED = """
            {"factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 8192,
            "%s": "llama3"}""";

    private static ConfigJson config(String more) {
        try {
            return new ConfigJson(
                    new ObjectMapper().readTree("{" + SIZES + (more.isEmpty() ? "" : ", " + more) + "}"),
                    "c/config.json");
        } catch (IOException e) {
            throw new IllegalArgumentException(more, e);
        }
    }

    @Test
    void fieldsOfLlama31() {
        assertThat(config(
                                "\"num_key_value_heads\": 8, \"head_dim\": 128, \"rope_theta\": 500000.0, \"rms_norm_eps\": 1e-5,"
                                        + "\"tie_word_embeddings\": false, \"rope_scaling\": "
                                        + SCALED.formatted("rope_type"))
                        .shape())
                .isEqualTo(new LlamaConfig(
                        128256,
                        4096,
                        32,
                        32,
                        8,
                        14336,
                        131072,
                        500000,
                        new RopeScaling(8, 1, 4, 8192),
                        1e-5,
                        false,
                        Extensions.NONE));
    }

    @Test
    void whatIsLeftOutHasHuggingFacesValue() {
        assertThat(config("\"num_key_value_heads\": null, \"head_dim\": null, \"rope_scaling\": null")
                        .shape())
                .isEqualTo(config("").shape())
                .isEqualTo(new LlamaConfig(128256, 4096, 32, 32, 32, 14336, 131072, 10000, 1e-6, false));
    }

    @Test
    void scalingMayBeNamedInEitherWayAndLieInRopeParameters() {
        RopeScaling expected = new RopeScaling(8, 1, 4, 8192);
        assertThat(config("\"rope_scaling\": " + SCALED.formatted("type"))
                        .shape()
                        .ropeScaling())
                .isEqualTo(expected);
        LlamaConfig newer = config("\"rope_parameters\": "
                        + SCALED.formatted("rope_type").replace("{", "{\"rope_theta\": 500000.0, "))
                .shape();
        assertThat(newer.ropeScaling()).isEqualTo(expected);
        assertThat(newer.ropeTheta()).isEqualTo(500000);
        assertThat(config("\"rope_scaling\": {\"rope_type\": \"default\"}")
                        .shape()
                        .ropeScaling())
                .isEqualTo(RopeScaling.NONE);
    }

    @Test
    void writtenScalingComesBack() {
        LlamaConfig scaled = new LlamaConfig(
                16, 8, 2, 2, 1, 12, 64, 500000, new RopeScaling(32, 1, 4, 8192), 1e-5, true, Extensions.NONE);
        var json = ConfigJson.write(scaled, Head.LANGUAGE_MODEL, Pooling.LAST, Dtype.F16);
        assertThat(new ConfigJson(json, "c").shape()).isEqualTo(scaled);
        assertThat(json.path("rope_scaling").toString())
                .isEqualTo("{\"rope_type\":\"llama3\",\"factor\":32.0,\"low_freq_factor\":1.0,\"high_freq_factor\":4.0,"
                        + "\"original_max_position_embeddings\":8192}");
        assertThat(json.path("torch_dtype").asText()).isEqualTo("float16");
    }

    @ParameterizedTest
    @ValueSource(strings = {"linear", "dynamic", "yarn", "longrope"})
    void otherScalingsAreRefused(String type) {
        assertThatThrownBy(() -> config("\"rope_scaling\": {\"rope_type\": \"%s\", \"factor\": 2}".formatted(type))
                        .shape())
                .isInstanceOf(InputException.class)
                .hasMessage("c/config.json: rope_scaling of type '%s' is not supported; only llama3 is, and none at all"
                        .formatted(type));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"head_dim\": 64 | head_dim = 64 is not supported; only hidden_size / num_attention_heads = 128 is",
                "\"rope_theta\": \"x\" | rope_theta = \"x\" must be a positive number",
                "\"rms_norm_eps\": -1 | rms_norm_eps = -1 must be a positive number",
                "\"tie_word_embeddings\": 1 | tie_word_embeddings = 1 must be true or false",
                "\"num_key_value_heads\": 5 | heads = 32 must be a multiple of kvHeads = 5",
                "\"num_key_value_heads\": 0 | num_key_value_heads = 0 must be a positive whole number",
                "\"attention_bias\": true | attention_bias = true is not supported; only false is",
                "\"hidden_act\": \"gelu\" | hidden_act = \"gelu\" is not supported; only silu is",
                "\"rope_scaling\": {\"type\": \"llama3\"} | original_max_position_embeddings =  must be a positive",
                "\"rope_scaling\": {\"type\": \"llama3\", \"factor\": 0.5, \"low_freq_factor\": 1, \"high_freq_factor\": 4, \"original_max_position_embeddings\": 8192} | rope_scaling: factor = 0.5 must be at least 1"
            })
    void wrongValuesAreNamed(String more, String message) {
        assertThatThrownBy(() -> config(more).shape())
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("c/config.json: ")
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {"\"num_labels\": 3 | num_labels gives 3", "\"id2label\": {\"0\": \"a\"} | id2label gives 1"})
    void classifiersHaveTwoClasses(String more, String message) {
        String classifier = "\"architectures\": [\"LlamaForSequenceClassification\"], ";
        assertThatThrownBy(() -> config(classifier + more).head())
                .isInstanceOf(InputException.class)
                .hasMessageContaining(message + " classes; only 2 are supported");
        assertThat(config(classifier + "\"id2label\": {\"0\": \"a\", \"1\": \"b\"}")
                        .head())
                .isEqualTo(Head.CLASSIFIER);
    }
}

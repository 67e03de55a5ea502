package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.dnallama.config.InputException;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;

/** Hugging Face's {@code config.json} of a LLaMA. */
record ConfigJson(JsonNode json, String place) {

    private static final String CAUSAL = "LlamaForCausalLM";
    private static final String SEQUENCE_CLASSIFICATION = "LlamaForSequenceClassification";

    LlamaConfig shape() {
        refuse("attention_bias", "false");
        refuse("mlp_bias", "false");
        refuse("rope_scaling", "null");
        refuse("hidden_act", "silu");
        return new LlamaConfig(
                integer("vocab_size"),
                integer("hidden_size"),
                integer("num_hidden_layers"),
                integer("num_attention_heads"),
                integer("num_key_value_heads"),
                integer("intermediate_size"),
                integer("max_position_embeddings"),
                json.path("rope_theta").asDouble(10000),
                json.path("rms_norm_eps").asDouble(1e-6),
                json.path("tie_word_embeddings").asBoolean(false));
    }

    Head head() {
        String architecture = json.path("architectures").path(0).asText();
        return switch (architecture) {
            case CAUSAL -> Head.LANGUAGE_MODEL;
            case SEQUENCE_CLASSIFICATION -> Head.CLASSIFIER;
            default ->
                throw new InputException("%s: architectures = '%s' is not supported; %s and %s are"
                        .formatted(place, architecture, CAUSAL, SEQUENCE_CLASSIFICATION));
        };
    }

    static ObjectNode write(LlamaConfig config, Head head) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(head == Head.CLASSIFIER ? SEQUENCE_CLASSIFICATION : CAUSAL);
        json.put("model_type", "llama");
        json.put("vocab_size", config.vocabularySize());
        json.put("hidden_size", config.dim());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.kvHeads());
        json.put("head_dim", config.headDim());
        json.put("intermediate_size", config.hiddenDim());
        json.put("max_position_embeddings", config.contextLength());
        json.put("rope_theta", config.ropeTheta());
        json.put("rms_norm_eps", config.normEps());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        json.put("hidden_act", "silu");
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put("torch_dtype", "float32");
        if (head == Head.CLASSIFIER) {
            json.putObject("id2label").put("0", "non-promoter").put("1", "promoter");
            json.putObject("label2id").put("non-promoter", 0).put("promoter", 1);
        }
        return json;
    }

    private int integer(String key) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.asInt() < 1) {
            throw new InputException("%s: %s = %s must be a positive whole number".formatted(place, key, value));
        }
        return value.asInt();
    }

    private void refuse(String key, String supported) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.asText().equals(supported)) {
            throw new InputException(
                    "%s: %s = %s is not supported; only %s is".formatted(place, key, value, supported));
        }
    }
}

package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.dnallama.config.InputException;
import org.dnallama.model.Extensions;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaConfig;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Pooling;

/** Hugging Face's {@code config.json} of a LLaMA. */
record ConfigJson(JsonNode json, String place) {

    static final String FILE = "config.json";
    static final String DTYPE = "torch_dtype";

    private static final String CAUSAL = "LlamaForCausalLM";
    private static final String SEQUENCE_CLASSIFICATION = "LlamaForSequenceClassification";
    /** The one object with all that Hugging Face's LLaMA does not have. */
    private static final String OURS = "dnallama";

    private static final String POOLING = "pooling";
    private static final String KMERS = "kmers";
    private static final String POSITIONS = "learned_positions";
    private static final String ATTENTION = "attention";

    /**
     * Reads the file.
     *
     * @throws InputException if it is not there or is no JSON object
     */
    static ConfigJson read(Storage storage) {
        return new ConfigJson(TextFiles.json(storage, FILE), storage.describe() + "/" + FILE);
    }

    /**
     * The model's shape. What a file leaves out has the value that Hugging Face's library gives it.
     *
     * @throws InputException if a value is wrong or asks for what this program does not support
     */
    LlamaConfig shape() {
        refuse("attention_bias", "false");
        refuse("mlp_bias", "false");
        refuse("hidden_act", "silu");
        int heads = integer("num_attention_heads");
        try {
            LlamaConfig config = new LlamaConfig(
                    integer("vocab_size"),
                    integer("hidden_size"),
                    integer("num_hidden_layers"),
                    heads,
                    present("num_key_value_heads") ? integer("num_key_value_heads") : heads,
                    integer("intermediate_size"),
                    integer("max_position_embeddings"),
                    rope().theta(),
                    rope().scaling(),
                    positive("rms_norm_eps", 1e-6),
                    flag("tie_word_embeddings"),
                    extensions());
            checkHeadDim(config);
            return config;
        } catch (IllegalArgumentException e) {
            throw new InputException(place + ": " + e.getMessage(), e);
        }
    }

    private RopeJson rope() {
        return new RopeJson(json, place);
    }

    private void checkHeadDim(LlamaConfig config) {
        if (present("head_dim") && integer("head_dim") != config.headDim()) {
            throw new InputException(
                    "%s: head_dim = %d is not supported; only hidden_size / num_attention_heads = %d is"
                            .formatted(place, integer("head_dim"), config.headDim()));
        }
    }

    /**
     * What stands on top.
     *
     * @throws InputException if that is not supported
     */
    Head head() {
        String architecture = json.path("architectures").path(0).asText();
        return switch (architecture) {
            case CAUSAL -> Head.LANGUAGE_MODEL;
            case SEQUENCE_CLASSIFICATION -> {
                checkLabels();
                yield Head.CLASSIFIER;
            }
            default ->
                throw new InputException("%s: architectures = '%s' is not supported; %s and %s are"
                        .formatted(place, architecture, CAUSAL, SEQUENCE_CLASSIFICATION));
        };
    }

    /** Hugging Face writes the labels' names and leaves out their number; both may be missing, which means 2. */
    private void checkLabels() {
        boolean named = present("id2label");
        int labels = named ? json.path("id2label").size() : present("num_labels") ? integer("num_labels") : 2;
        if (labels != LlamaLayout.CLASSES) {
            throw new InputException("%s: %s gives %d classes; only %d are supported"
                    .formatted(place, named ? "id2label" : "num_labels", labels, LlamaLayout.CLASSES));
        }
    }

    /**
     * Which states the classifier reads.
     *
     * @throws InputException if there is no such pooling
     */
    Pooling pooling() {
        return choice(POOLING, Pooling.LAST);
    }

    private Extensions extensions() {
        JsonNode ours = json.path(OURS);
        List<Integer> kmers = new ArrayList<>();
        for (JsonNode k : ours.path(KMERS)) {
            kmers.add(k.asInt());
        }
        return new Extensions(kmers, ours.path(POSITIONS).asBoolean(), choice(ATTENTION, Extensions.Attention.CAUSAL));
    }

    private <E extends Enum<E>> E choice(String key, E otherwise) {
        String value = json.path(OURS).path(key).asText(label(otherwise));
        for (E constant : otherwise.getDeclaringClass().getEnumConstants()) {
            if (label(constant).equals(value)) {
                return constant;
            }
        }
        throw new InputException("%s: %s.%s = '%s' is not supported; one of %s is"
                .formatted(
                        place,
                        OURS,
                        key,
                        value,
                        Arrays.stream(otherwise.getDeclaringClass().getEnumConstants())
                                .map(ConfigJson::label)
                                .toList()));
    }

    private static String label(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * Refuses a model that Hugging Face's LLaMA would run as another one.
     *
     * @throws InputException with all that it has beyond LLaMA
     */
    void requirePlain() {
        if (json.has(OURS)) {
            throw new InputException(
                    "%s: the model has more than LLaMA's parts, %s, which other programs would leave out and so compute"
                                    .formatted(place, json.path(OURS))
                            + " something else; only a model without them can be exported");
        }
    }

    static ObjectNode write(LlamaConfig config, Head head, Pooling pooling, Dtype dtype) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        putHead(json, head);
        json.put("model_type", "llama");
        json.put("vocab_size", config.vocabularySize());
        json.put("hidden_size", config.dim());
        json.put("num_hidden_layers", config.layers());
        json.put("num_attention_heads", config.heads());
        json.put("num_key_value_heads", config.kvHeads());
        json.put("head_dim", config.headDim());
        json.put("intermediate_size", config.hiddenDim());
        json.put("max_position_embeddings", config.contextLength());
        RopeJson.write(json, config);
        json.put("rms_norm_eps", config.normEps());
        json.put("tie_word_embeddings", config.tiedEmbeddings());
        json.put("hidden_act", "silu");
        json.put("attention_bias", false);
        json.put("mlp_bias", false);
        json.put(DTYPE, dtype.torchName());
        putOurs(json, config.extensions(), head == Head.CLASSIFIER ? pooling : Pooling.LAST);
        return json;
    }

    private static void putOurs(ObjectNode json, Extensions extensions, Pooling pooling) {
        if (extensions.isNone() && pooling == Pooling.LAST) {
            return;
        }
        ObjectNode ours = json.putObject(OURS);
        if (pooling != Pooling.LAST) {
            ours.put(POOLING, label(pooling));
        }
        if (!extensions.kmers().isEmpty()) {
            extensions.kmers().forEach(ours.putArray(KMERS)::add);
        }
        if (extensions.learnedPositions()) {
            ours.put(POSITIONS, true);
        }
        if (extensions.attention() != Extensions.Attention.CAUSAL) {
            ours.put(ATTENTION, label(extensions.attention()));
        }
    }

    /** Says what stands on top. */
    static void putHead(ObjectNode json, Head head) {
        json.putArray("architectures").add(head == Head.CLASSIFIER ? SEQUENCE_CLASSIFICATION : CAUSAL);
        if (head == Head.CLASSIFIER) {
            json.putObject("id2label").put("0", "non-promoter").put("1", "promoter");
            json.putObject("label2id").put("non-promoter", 0).put("promoter", 1);
        }
    }

    private boolean present(String key) {
        return json.hasNonNull(key);
    }

    private int integer(String key) {
        JsonNode value = json.path(key);
        if (!value.isInt() || value.asInt() < 1) {
            throw new InputException("%s: %s = %s must be a positive whole number".formatted(place, key, shown(value)));
        }
        return value.asInt();
    }

    private double positive(String key, double otherwise) {
        return present(key) ? RopeJson.positive(json, key, place) : otherwise;
    }

    private boolean flag(String key) {
        JsonNode value = json.path(key);
        if (present(key) && !value.isBoolean()) {
            throw new InputException("%s: %s = %s must be true or false".formatted(place, key, value));
        }
        return value.asBoolean(false);
    }

    private void refuse(String key, String supported) {
        JsonNode value = json.path(key);
        if (!value.isMissingNode() && !value.asText().equals(supported)) {
            throw new InputException(
                    "%s: %s = %s is not supported; only %s is".formatted(place, key, value, supported));
        }
    }

    private static String shown(JsonNode value) {
        return value.isMissingNode() ? "(missing)" : value.toString();
    }
}

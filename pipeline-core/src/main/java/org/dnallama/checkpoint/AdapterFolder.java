package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dnallama.config.InputException;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.LoraBase;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;

/**
 * Adapters in PEFT's layout, {@code adapter_config.json} and {@code adapter_model.safetensors}: written to
 * {@code adapter/} below a checkpoint, read from there or from a folder of their own.
 *
 * @see <a href="https://huggingface.co/docs/peft/developer_guides/checkpoint">PEFT checkpoint format</a>
 */
public final class AdapterFolder {

    private static final String FOLDER = "adapter/";
    private static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    /** Ours, not PEFT's: {@link org.dnallama.model.LoraBase#sha256} of what the adapters were trained over. */
    private static final String BASE = "base.sha256";
    /** PEFT wraps the model in two modules, whose names lead those of its tensors. */
    private static final String PREFIX = "base_model.model.";

    private static final String PROJECTION = "_proj";
    private static final String CLASSIFIER = "SEQ_CLS";
    private static final String LANGUAGE_MODEL = "CAUSAL_LM";

    private AdapterFolder() {}

    /**
     * Writes adapters and the modules that were trained whole.
     *
     * @param storage the checkpoint's folder
     * @param theta adapters over a frozen base
     * @param model the adapted model
     * @throws IOException if it cannot be written
     */
    public static void write(Storage storage, Parameters theta, ModelFolder model) throws IOException {
        LoraSettings settings = theta.base().orElseThrow().settings();
        TextFiles.write(storage, FOLDER + CONFIG, json(settings, theta, model));
        ParametersFile.write(storage, FOLDER + WEIGHTS, Map.of(PREFIX, theta));
        TextFiles.write(storage, FOLDER + BASE, theta.base().orElseThrow().sha256() + "\n");
    }

    /**
     * Refuses to join adapters with another base than theirs. What PEFT wrote does not say which was its own.
     *
     * @param storage the checkpoint's folder, or the adapter's own
     * @param theta the adapters over the frozen base
     * @param base where that base was read from, for the message
     * @throws InputException if the adapters were trained over other weights
     */
    public static void requireBase(Storage storage, Parameters theta, String base) {
        LoraBase frozen = theta.base().orElseThrow();
        Optional<String> own =
                found(storage, BASE).map(path -> TextFiles.read(storage, path).strip());
        if (own.isPresent() && !own.get().equals(frozen.sha256())) {
            String name = frozen.settings().base();
            throw new InputException("%s: was trained over other weights than those of %s; give its own base%s"
                    .formatted(storage.describe(), base, name.isEmpty() ? "" : ", which was " + name));
        }
    }

    private static ObjectNode json(LoraSettings settings, Parameters theta, ModelFolder model) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("peft_type", "LORA");
        json.put("task_type", model.head() == Head.CLASSIFIER ? CLASSIFIER : LANGUAGE_MODEL);
        json.put("base_model_name_or_path", settings.base());
        json.put("r", settings.rank());
        json.put("lora_alpha", settings.alpha());
        json.put("lora_dropout", settings.dropout());
        ArrayNode targets = json.putArray("target_modules");
        settings.targets().forEach(target -> targets.add(target + PROJECTION));
        ArrayNode saved = json.putArray("modules_to_save");
        for (String module : LoraSettings.MODULES) {
            if (theta.specs().stream().anyMatch(spec -> spec.name().endsWith(module + ".weight"))) {
                saved.add(module);
            }
        }
        // Otherwise PEFT would train a copy of a table that is the head as well.
        boolean tied = model.head() == Head.LANGUAGE_MODEL && model.config().tiedEmbeddings();
        json.put("ensure_weight_tying", tied && theta.has(LlamaLayout.EMBEDDING));
        json.put("bias", "none");
        json.put("fan_in_fan_out", false);
        json.put("use_rslora", false);
        json.put("use_dora", false);
        json.put("init_lora_weights", true);
        json.put("inference_mode", true);
        return json;
    }

    /**
     * How stored adapters were made.
     *
     * @param storage the checkpoint's folder, or the adapter's own
     * @param frozen how the frozen weights below them are to rest
     * @return settings by which the adapters' parameters can be laid out
     * @throws InputException if there are none, or of a kind that is not supported
     */
    public static LoraSettings settings(Storage storage, LoraSettings.Precision frozen) {
        String path = path(storage, CONFIG);
        String place = storage.describe() + "/" + path;
        JsonNode json = TextFiles.json(storage, path);
        require(json, "peft_type", Set.of("LORA"), place);
        require(json, "bias", Set.of("none", ""), place);
        require(json, "use_dora", Set.of("false", ""), place);
        require(json, "use_rslora", Set.of("false", ""), place);
        for (String pattern : List.of("rank_pattern", "alpha_pattern", "layers_to_transform")) {
            if (!json.path(pattern).isEmpty()) {
                throw new InputException("%s: %s = %s is not supported; only adapters of one rank on all layers are"
                        .formatted(place, pattern, json.path(pattern)));
            }
        }
        if (!json.path("r").isInt()
                || json.path("r").asInt() < 1
                || !(json.path("lora_alpha").asDouble() > 0)) {
            throw new InputException("%s: r = %s and lora_alpha = %s must be positive numbers"
                    .formatted(place, json.path("r"), json.path("lora_alpha")));
        }
        List<String> targets = new ArrayList<>();
        for (String module : texts(json, "target_modules", place)) {
            targets.add(module.endsWith(PROJECTION) ? module.substring(0, module.length() - 5) : module);
        }
        known(targets, LoraSettings.TARGETS, "target_modules", place);
        List<String> saved = texts(json, "modules_to_save", place);
        saved.remove("classifier"); // PEFT notes all names that a head may have; a LLaMA's is score
        known(saved, LoraSettings.MODULES, "modules_to_save", place);
        return new LoraSettings(
                json.path("r").asInt(),
                json.path("lora_alpha").asDouble(),
                json.path("lora_dropout").asDouble(0),
                targets,
                saved,
                frozen,
                json.path("base_model_name_or_path").asText(""));
    }

    /**
     * Reads adapters into parameters that were laid out by their {@link #settings}.
     *
     * @param storage the checkpoint's folder, or the adapter's own
     * @param theta overwritten, but for the frozen base
     * @throws InputException if a tensor is missing, unknown or of another shape
     */
    public static void read(Storage storage, Parameters theta) {
        String path = path(storage, WEIGHTS);
        try {
            ParametersFile.read(storage, path, Map.of(PREFIX, theta), name -> false);
        } catch (IOException e) {
            throw new InputException(storage.describe() + "/" + path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * What the adapted model has on top.
     *
     * @param storage the checkpoint's folder, or the adapter's own
     * @return the head
     * @throws InputException if there is no adapter, or if it is for another kind of task
     */
    public static Head head(Storage storage) {
        String path = path(storage, CONFIG);
        String task = TextFiles.json(storage, path).path("task_type").asText();
        return switch (task) {
            case CLASSIFIER -> Head.CLASSIFIER;
            case LANGUAGE_MODEL -> Head.LANGUAGE_MODEL;
            default ->
                throw new InputException("%s/%s: task_type = '%s' is not supported; %s and %s are"
                        .formatted(storage.describe(), path, task, LANGUAGE_MODEL, CLASSIFIER));
        };
    }

    private static String path(Storage storage, String name) {
        return found(storage, name)
                .orElseThrow(() -> new InputException(
                        "%s: has neither %s nor %s; give a checkpoint that was tuned with lora.rank > 0, or PEFT's folder"
                                .formatted(storage.describe(), FOLDER + name, name)));
    }

    private static Optional<String> found(Storage storage, String name) {
        try {
            for (String path : List.of(FOLDER + name, name)) {
                if (storage.exists(path)) {
                    return Optional.of(path);
                }
            }
            return Optional.empty();
        } catch (IOException e) {
            throw new InputException(storage.describe() + ": cannot be read: " + e.getMessage(), e);
        }
    }

    private static void require(JsonNode json, String key, Set<String> supported, String place) {
        if (!supported.contains(json.path(key).asText())) {
            throw new InputException("%s: %s = %s is not supported; only %s is"
                    .formatted(place, key, json.path(key), supported.iterator().next()));
        }
    }

    private static List<String> texts(JsonNode json, String key, String place) {
        List<String> texts = new ArrayList<>();
        JsonNode list = json.path(key);
        if (list.isTextual()) {
            throw new InputException(
                    "%s: %s = %s must be a list of names; expressions are not supported".formatted(place, key, list));
        }
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static void known(List<String> names, List<String> all, String key, String place) {
        if (!all.containsAll(names)) {
            throw new InputException("%s: %s = %s is not supported; only %s are".formatted(place, key, names, all));
        }
    }
}

package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;

/** Writes a model folder again with its weights in another format; all else stays as it is. */
public final class ModelExport {

    /** Small files of the layout that go along if they are there. */
    private static final List<String> COMPANIONS =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json");

    private ModelExport() {}

    /**
     * Exports a model.
     *
     * @param from its folder
     * @param to the new folder
     * @param backend whose memory holds the weights on their way
     * @param format how to write them
     * @return how many parameters it has
     * @throws IOException if it cannot be written
     * @throws org.dnallama.config.InputException if the folder is damaged or not supported, or if a number is too large
     *     for the format
     */
    public static long write(Storage from, Storage to, Backend backend, WeightFormat format) throws IOException {
        ConfigJson config = ConfigJson.read(from);
        ModelWeights weights = new ModelWeights(from, config.shape(), config.head());
        try (Parameters theta = weights.load(backend, config.shape(), config.head(), new Seeds(0))) {
            return write(from, to, theta, config.json().deepCopy(), format);
        }
    }

    /**
     * Exports a model with an adapter merged into it.
     *
     * @param from the base's folder
     * @param adapter the adapter's folder, or a checkpoint with {@code adapter/}
     * @param to the new folder
     * @param backend whose memory holds the weights on their way
     * @param format how to write them
     * @return how many parameters it has
     * @throws IOException if it cannot be written
     * @throws org.dnallama.config.InputException as {@link #write}, or if the adapter does not fit the base
     */
    public static long merge(Storage from, Storage adapter, Storage to, Backend backend, WeightFormat format)
            throws IOException {
        ConfigJson config = ConfigJson.read(from);
        Head head = AdapterFolder.head(adapter);
        LoraSettings settings = AdapterFolder.settings(adapter, LoraSettings.Precision.FLOAT32);
        ObjectNode json = config.json().deepCopy();
        if (head != config.head()) {
            ConfigJson.putHead(json, head);
        }
        ModelWeights weights = new ModelWeights(from, config.shape(), config.head());
        Parameters base = weights.load(backend, config.shape(), head, new Seeds(0));
        try (Parameters theta = Lora.adapt(base, settings, new Seeds(0))) {
            AdapterFolder.read(adapter, theta);
            try (Parameters merged = Lora.merge(theta)) {
                return write(from, to, merged, json, format);
            }
        }
    }

    private static long write(Storage from, Storage to, Parameters theta, ObjectNode json, WeightFormat format)
            throws IOException {
        format.write(to, theta);
        json.put(ConfigJson.DTYPE, format.dtype().torchName());
        json.remove("dtype"); // the same under the name that newer files have
        TextFiles.write(to, ConfigJson.FILE, json);
        for (String companion : COMPANIONS) {
            if (from.exists(companion)) {
                TextFiles.write(to, companion, TextFiles.read(from, companion));
            }
        }
        return theta.count();
    }
}

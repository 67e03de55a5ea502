package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.compute.Backend;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.dnallama.model.Head;
import org.dnallama.model.LlamaLayout;
import org.dnallama.model.Lora;
import org.dnallama.model.LoraSettings;
import org.dnallama.model.Parameters;
import org.dnallama.model.TensorSpec;

/**
 * Writes a model folder again with its weights in another format; all else stays as it is. Weights pass through in
 * small pieces, so that models of any size need little memory.
 */
public final class ModelExport implements AutoCloseable {

    /** Small files of the layout that go along if they are there. */
    private static final List<String> COMPANIONS =
            List.of("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "generation_config.json");

    private final Storage from;
    private final WeightFormat format;
    private final List<TensorBytes> open = new ArrayList<>();

    private ModelExport(Storage from, WeightFormat format) {
        this.from = from;
        this.format = format;
    }

    /**
     * Exports a model.
     *
     * @param from its folder
     * @param to the new folder
     * @param format how to write the weights
     * @return how many parameters it has
     * @throws IOException if it cannot be written
     * @throws InputException if the folder is damaged or not supported, if the model has more than LLaMA's parts, or if
     *     a number is too large for the format
     */
    public static long write(Storage from, Storage to, WeightFormat format) throws IOException {
        try (ModelExport export = new ModelExport(from, format)) {
            return export.writeTo(to);
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
     * @throws InputException as {@link #write}, or if the adapter does not fit the base
     */
    public static long merge(Storage from, Storage adapter, Storage to, Backend backend, WeightFormat format)
            throws IOException {
        ConfigJson config = plain(from);
        Head head = AdapterFolder.head(adapter);
        LoraSettings settings = AdapterFolder.settings(adapter, LoraSettings.Precision.FLOAT32);
        ObjectNode json = config.json().deepCopy();
        if (head != config.head()) {
            ConfigJson.putHead(json, head);
        }
        ModelWeights weights = ModelWeights.of(from, config);
        List<List<TensorSpec>> wanted = LlamaLayout.groups(config.shape(), head);
        Parameters base = weights.load(backend, config.shape(), wanted, new Seeds(0));
        try (Parameters theta = Lora.adapt(base, settings, new Seeds(0))) {
            AdapterFolder.requireBase(adapter, theta, from.describe());
            AdapterFolder.read(adapter, theta);
            try (Parameters merged = Lora.merge(theta)) {
                format.write(to, merged);
                writeTexts(from, to, json, format);
                return merged.count();
            }
        }
    }

    /** The configuration of a model that other programs would run as it is meant. */
    private static ConfigJson plain(Storage from) {
        ConfigJson config = ConfigJson.read(from);
        config.requirePlain();
        return config;
    }

    private static void writeTexts(Storage from, Storage to, ObjectNode json, WeightFormat format) throws IOException {
        json.put(ConfigJson.DTYPE, format.dtype().torchName());
        json.remove("dtype"); // the same under the name that newer files have
        TextFiles.write(to, ConfigJson.FILE, json);
        for (String companion : COMPANIONS) {
            if (from.exists(companion)) {
                TextFiles.write(to, companion, TextFiles.read(from, companion));
            }
        }
    }

    private long writeTo(Storage to) throws IOException {
        ConfigJson config = plain(from);
        List<Safetensors.Entry> entries = entries(ModelWeights.of(from, config));
        format.write(to, entries);
        writeTexts(from, to, config.json().deepCopy(), format);
        return entries.stream()
                .mapToLong(entry -> SafetensorsHeader.count(entry.shape()))
                .sum();
    }

    /** The model's tensors in the order of their files, in which a stream can give them. */
    private List<Safetensors.Entry> entries(ModelWeights weights) throws IOException {
        List<TensorFile> files = WeightFiles.open(from);
        ExpectedTensors expected = weights.check(files);
        List<Safetensors.Entry> entries = new ArrayList<>();
        for (TensorFile file : files) {
            TensorBytes bytes = file.bytes(MappedBytes.SEGMENT_BYTES);
            open.add(bytes);
            for (SafetensorsHeader.Place tensor : file.header().tensors()) {
                if (expected.contains(tensor.name())) {
                    entries.add(new Safetensors.Entry(
                            tensor.name(), format.dtype(), tensor.shape(), source(file, bytes, tensor)));
                }
            }
        }
        return entries;
    }

    private static Safetensors.Source source(TensorFile file, TensorBytes bytes, SafetensorsHeader.Place tensor) {
        int width = tensor.dtype().bytes();
        return (first, chunk, count) -> {
            try {
                tensor.dtype().decode(bytes.at(tensor, width * first, width * count), chunk, count);
            } catch (IOException e) {
                throw new InputException(file.place() + ": cannot be read: " + e.getMessage(), e);
            }
        };
    }

    @Override
    public void close() throws IOException {
        for (TensorBytes bytes : open) {
            bytes.close();
        }
    }
}

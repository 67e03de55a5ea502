package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.model.Parameters;

/**
 * How weights are written.
 *
 * @param dtype how a number is stored
 * @param shardBytes most bytes of tensors in a file; a larger tensor has a file of its own
 */
public record WeightFormat(Dtype dtype, long shardBytes) {

    /** What training writes: every bit, in one file. */
    public static final WeightFormat EXACT = new WeightFormat(Dtype.F32, Long.MAX_VALUE);

    /** Checks. */
    public WeightFormat {
        if (shardBytes < 1) {
            throw new IllegalArgumentException("a shard of " + shardBytes + " bytes holds nothing");
        }
    }

    /** Writes {@code model.safetensors}, or shards and their index. */
    void write(Storage storage, Parameters theta) throws IOException {
        write(storage, ParametersFile.entries("", theta, dtype));
    }

    /** The same of tensors that are of this type already; each is asked for once, in order. */
    void write(Storage storage, List<Safetensors.Entry> entries) throws IOException {
        List<List<Safetensors.Entry>> shards = shards(entries);
        if (shards.size() == 1) {
            writeFile(storage, WeightFiles.SINGLE, shards.get(0));
            return;
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        long bytes = shards.stream()
                .flatMap(List::stream)
                .mapToLong(Safetensors.Entry::bytes)
                .sum();
        index.putObject("metadata").put("total_size", bytes);
        ObjectNode map = index.putObject(WeightFiles.WEIGHT_MAP);
        for (int i = 0; i < shards.size(); i++) {
            String name = WeightFiles.shard(i + 1, shards.size());
            shards.get(i).forEach(entry -> map.put(entry.name(), name));
            writeFile(storage, name, shards.get(i));
        }
        TextFiles.write(storage, WeightFiles.INDEX, index);
    }

    private static void writeFile(Storage storage, String name, List<Safetensors.Entry> entries) throws IOException {
        try (OutputStream out = storage.create(name)) {
            Safetensors.write(out, entries, ParametersFile.METADATA);
        }
    }

    /** In order, each shard filled as far as it goes. */
    private List<List<Safetensors.Entry>> shards(List<Safetensors.Entry> entries) {
        List<List<Safetensors.Entry>> shards = new ArrayList<>();
        long filled = 0;
        for (Safetensors.Entry entry : entries) {
            if (shards.isEmpty() || entry.bytes() > shardBytes - filled) {
                shards.add(new ArrayList<>());
                filled = 0;
            }
            shards.get(shards.size() - 1).add(entry);
            filled += entry.bytes();
        }
        return shards;
    }
}

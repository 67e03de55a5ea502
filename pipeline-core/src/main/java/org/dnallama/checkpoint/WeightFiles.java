package org.dnallama.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.dnallama.config.InputException;

/** Which files of a model folder hold its weights: {@code model.safetensors}, or shards that an index names. */
final class WeightFiles {

    static final String SINGLE = "model.safetensors";
    static final String INDEX = "model.safetensors.index.json";
    static final String WEIGHT_MAP = "weight_map";

    private WeightFiles() {}

    /** Name of a shard, counted from 1. */
    static String shard(int number, int of) {
        return "model-%05d-of-%05d.safetensors".formatted(number, of);
    }

    /**
     * Opens a folder's weights. If both forms are there, the single file counts, as in Hugging Face's own library.
     *
     * @return the files with their checked headers, in the order of their names
     * @throws InputException if a file is missing or damaged, or if index and shards disagree
     */
    static List<TensorFile> open(Storage storage) throws IOException {
        if (storage.exists(SINGLE)) {
            return List.of(TensorFile.open(storage, SINGLE));
        }
        if (!storage.exists(INDEX)) {
            throw new InputException("%s: has neither %s nor %s; give the folder of a finished checkpoint"
                    .formatted(storage.describe(), SINGLE, INDEX));
        }
        Map<String, Set<String>> shards = index(storage);
        String place = storage.describe() + "/" + INDEX;
        Set<String> absent = new TreeSet<>();
        for (String shard : shards.keySet()) {
            if (!storage.exists(shard)) {
                absent.add(shard);
            }
        }
        if (!absent.isEmpty()) {
            throw new InputException(place + ": names files that are not there: " + String.join(", ", absent)
                    + "; copy the whole folder");
        }
        List<TensorFile> files = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Map.Entry<String, Set<String>> shard : shards.entrySet()) {
            TensorFile file = TensorFile.open(storage, shard.getKey());
            files.add(file);
            compare(shard.getKey(), shard.getValue(), file.header(), problems);
        }
        if (!problems.isEmpty()) {
            throw new InputException(
                    place + ": disagrees with its files: " + String.join("; ", problems) + "; copy the whole folder");
        }
        return files;
    }

    /** Tensors by shard. */
    private static Map<String, Set<String>> index(Storage storage) {
        String place = storage.describe() + "/" + INDEX;
        JsonNode map = TextFiles.json(storage, INDEX).path(WEIGHT_MAP);
        if (!map.isObject() || map.isEmpty()) {
            throw new InputException(place + ": has no object " + WEIGHT_MAP + "; copy or write the folder again");
        }
        Map<String, Set<String>> shards = new TreeMap<>();
        map.fields().forEachRemaining(tensor -> {
            String shard = tensor.getValue().asText();
            // A name, not a path: an index must not reach out of its folder.
            if (!shard.matches("[A-Za-z0-9_][A-Za-z0-9_.-]*\\.safetensors")) {
                throw new InputException("%s: %s of tensor %s is no name of a safetensors file in this folder"
                        .formatted(place, tensor.getValue(), tensor.getKey()));
            }
            shards.computeIfAbsent(shard, name -> new LinkedHashSet<>()).add(tensor.getKey());
        });
        return shards;
    }

    private static void compare(String shard, Set<String> promised, SafetensorsHeader header, List<String> problems) {
        Set<String> absent = new TreeSet<>(promised);
        Set<String> extra = new TreeSet<>();
        for (SafetensorsHeader.Place tensor : header.tensors()) {
            if (!absent.remove(tensor.name())) {
                extra.add(tensor.name());
            }
        }
        if (!absent.isEmpty()) {
            problems.add(shard + " has no " + String.join(", ", absent));
        }
        if (!extra.isEmpty()) {
            problems.add(shard + " also has " + String.join(", ", extra));
        }
    }
}

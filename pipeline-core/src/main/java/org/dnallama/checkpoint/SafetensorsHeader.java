package org.dnallama.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/**
 * The checked header of a safetensors file: tensors in the order of their bytes, which follow each other without gap or
 * overlap.
 *
 * @param tensors where each tensor lies
 * @param metadata free texts
 */
record SafetensorsHeader(List<Place> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";
    static final String FLOAT32 = "F32";

    /** The format's own bound; a larger length means that the file is something else. */
    static final long MOST_BYTES = 100_000_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    /**
     * Where a tensor lies.
     *
     * @param name its name
     * @param shape its dimensions
     * @param begin first data byte
     * @param end one past its last data byte
     */
    record Place(String name, List<Integer> shape, long begin, long end) {}

    /** Numbers in a tensor: the product of its dimensions. */
    static long count(List<Integer> shape) {
        long count = 1;
        for (int size : shape) {
            count = Math.multiplyExact(count, (long) size);
        }
        return count;
    }

    /** Bytes of all tensors. */
    long dataBytes() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end;
    }

    static SafetensorsHeader read(InputStream in, String place) throws IOException {
        byte[] prefix = in.readNBytes(Long.BYTES);
        if (prefix.length < Long.BYTES) {
            throw new InputException(place + ": truncated: " + prefix.length
                    + " bytes, but the header's length takes 8; copy or write the file again");
        }
        long length = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        if (length < 2 || length > MOST_BYTES) {
            throw new InputException(place + ": no safetensors file: its header would have " + length
                    + " bytes, must be 2 to " + MOST_BYTES + "; check the path");
        }
        byte[] json = in.readNBytes((int) length);
        if (json.length < length) {
            throw new InputException(place + ": truncated: " + json.length + " of the header's " + length
                    + " bytes; copy or write the file again");
        }
        try {
            return parse(JSON.readTree(json), place);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    place + ": the safetensors header is no JSON: " + e.getOriginalMessage() + "; check the path", e);
        }
    }

    private static SafetensorsHeader parse(JsonNode root, String place) {
        if (!root.isObject()) {
            throw new InputException(place + ": the safetensors header is no JSON object; check the path");
        }
        List<Place> tensors = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        root.fields().forEachRemaining(field -> {
            if (field.getKey().equals(METADATA)) {
                field.getValue()
                        .fields()
                        .forEachRemaining(text ->
                                metadata.put(text.getKey(), text.getValue().asText()));
            } else {
                tensors.add(tensor(field.getKey(), field.getValue(), place + ": tensor " + field.getKey()));
            }
        });
        // Empty tensors share their begin with the next one, so their end decides.
        tensors.sort(Comparator.comparingLong(Place::begin).thenComparingLong(Place::end));
        long reached = 0;
        for (Place tensor : tensors) {
            if (tensor.begin != reached) {
                throw new InputException(place + ": tensor " + tensor.name + " begins at data byte " + tensor.begin
                        + " but must begin at " + reached + " ("
                        + (tensor.begin < reached ? "tensors overlap" : "a gap") + "); write the file again");
            }
            reached = tensor.end;
        }
        return new SafetensorsHeader(List.copyOf(tensors), Map.copyOf(metadata));
    }

    private static Place tensor(String name, JsonNode entry, String where) {
        String dtype = entry.path("dtype").asText();
        if (!dtype.equals(FLOAT32)) {
            throw new InputException(where + " has dtype '" + dtype + "'; only F32 is read; convert the file");
        }
        List<Integer> shape = new ArrayList<>();
        for (JsonNode size : array(entry, "shape", where)) {
            if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
                throw new InputException(where + " has a dimension " + size + "; must be 0 to " + Integer.MAX_VALUE);
            }
            shape.add(size.intValue());
        }
        JsonNode offsets = array(entry, "data_offsets", where);
        long begin = offsets.path(0).asLong(-1);
        long end = offsets.path(1).asLong(-1);
        if (offsets.size() != 2 || begin < 0 || end - begin != bytes(shape, where)) {
            throw new InputException(where + " has data_offsets " + offsets + "; shape " + shape + " takes "
                    + bytes(shape, where) + " bytes; write the file again");
        }
        return new Place(name, List.copyOf(shape), begin, end);
    }

    private static JsonNode array(JsonNode entry, String key, String where) {
        JsonNode value = entry.path(key);
        if (!value.isArray()) {
            throw new InputException(where + " has no list " + key + "; write the file again");
        }
        return value;
    }

    private static long bytes(List<Integer> shape, String where) {
        try {
            return Math.multiplyExact(count(shape), Float.BYTES);
        } catch (ArithmeticException e) {
            throw new InputException(where + " has shape " + shape + ": more bytes than a file can hold", e);
        }
    }
}

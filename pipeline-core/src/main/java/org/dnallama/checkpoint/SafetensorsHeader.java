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
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/**
 * The checked header of a safetensors file: tensors in the order of their bytes, which follow each other without gap or
 * overlap.
 *
 * @param bytes where the data begin: the header's length and the 8 bytes that tell it
 * @param tensors where each tensor lies
 * @param metadata free texts
 */
record SafetensorsHeader(long bytes, List<Place> tensors, Map<String, String> metadata) {

    static final String METADATA = "__metadata__";

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
     * @param dtype how its numbers are stored
     * @param shape its dimensions
     * @param begin first data byte
     * @param end one past its last data byte
     */
    record Place(String name, Dtype dtype, List<Integer> shape, long begin, long end) {
        /** Numbers in it. */
        long length() {
            return count(shape);
        }
    }

    /**
     * Numbers in a tensor: the product of its dimensions.
     *
     * @throws ArithmeticException if that is more than a long holds
     */
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
            // As text, because Jackson would guess the encoding of bytes; the format has only one.
            return parse(Long.BYTES + length, JSON.readTree(utf8(json)), place);
        } catch (JsonProcessingException e) {
            throw new InputException(
                    place + ": the safetensors header is no JSON: " + e.getOriginalMessage() + "; check the path", e);
        } catch (CharacterCodingException e) {
            throw new InputException(place + ": the safetensors header is no UTF-8 text; check the path", e);
        }
    }

    private static String utf8(byte[] bytes) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newDecoder()
                .decode(ByteBuffer.wrap(bytes))
                .toString();
    }

    private static SafetensorsHeader parse(long bytes, JsonNode root, String place) {
        if (!root.isObject()) {
            throw new InputException(place + ": the safetensors header is no JSON object; check the path");
        }
        List<Place> tensors = new ArrayList<>();
        Map<String, String> metadata = new LinkedHashMap<>();
        root.fields().forEachRemaining(field -> {
            if (field.getKey().equals(METADATA)) {
                metadata.putAll(texts(field.getValue(), place));
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
        return new SafetensorsHeader(bytes, List.copyOf(tensors), Map.copyOf(metadata));
    }

    private static Map<String, String> texts(JsonNode entries, String place) {
        if (!entries.isObject()) {
            throw new InputException(place + ": " + METADATA + " is no JSON object; write the file again");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        entries.fields().forEachRemaining(text -> {
            if (!text.getValue().isTextual()) {
                throw new InputException("%s: %s.%s = %s must be a text; write the file again"
                        .formatted(place, METADATA, text.getKey(), text.getValue()));
            }
            texts.put(text.getKey(), text.getValue().textValue());
        });
        return texts;
    }

    private static Place tensor(String name, JsonNode entry, String where) {
        Dtype dtype = dtype(entry.path("dtype").asText(), where);
        List<Integer> shape = new ArrayList<>();
        for (JsonNode size : array(entry, "shape", where)) {
            if (!size.canConvertToInt() || !size.isIntegralNumber() || size.intValue() < 0) {
                throw new InputException(where + " has a dimension " + size + "; must be 0 to " + Integer.MAX_VALUE);
            }
            shape.add(size.intValue());
        }
        JsonNode offsets = array(entry, "data_offsets", where);
        long begin = offset(offsets.path(0));
        long end = offset(offsets.path(1));
        long bytes = bytes(dtype, shape, where);
        if (offsets.size() != 2 || begin < 0 || end - begin != bytes) {
            throw new InputException(where + " has data_offsets " + offsets + "; shape " + shape + " of " + dtype
                    + " takes " + bytes + " bytes; write the file again");
        }
        return new Place(name, dtype, List.copyOf(shape), begin, end);
    }

    private static Dtype dtype(String name, String where) {
        for (Dtype dtype : Dtype.values()) {
            if (dtype.name().equals(name)) {
                return dtype;
            }
        }
        throw new InputException(where + " has dtype '" + name + "'; read are " + Arrays.toString(Dtype.values())
                + "; convert the file");
    }

    /** A byte offset, or -1 for what is none. */
    private static long offset(JsonNode value) {
        return value.isIntegralNumber() && value.canConvertToLong() ? value.longValue() : -1;
    }

    private static JsonNode array(JsonNode entry, String key, String where) {
        JsonNode value = entry.path(key);
        if (!value.isArray()) {
            throw new InputException(where + " has no list " + key + "; write the file again");
        }
        return value;
    }

    private static long bytes(Dtype dtype, List<Integer> shape, String where) {
        try {
            return Math.multiplyExact(count(shape), dtype.bytes());
        } catch (ArithmeticException e) {
            throw new InputException(where + " has shape " + shape + ": more bytes than a file can hold", e);
        }
    }
}

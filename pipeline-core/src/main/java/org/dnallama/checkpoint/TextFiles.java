package org.dnallama.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.dnallama.config.InputException;

/** The small text files of a folder. */
final class TextFiles {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    private TextFiles() {}

    /**
     * Reads a text.
     *
     * @throws InputException if it is not there or cannot be read
     */
    static String read(Storage storage, String path) {
        try {
            if (!storage.exists(path)) {
                throw new InputException(
                        storage.describe() + ": has no " + path + "; give the folder of a finished checkpoint");
            }
            try (InputStream in = storage.open(path)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new InputException(storage.describe() + "/" + path + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Reads a JSON object.
     *
     * @throws InputException if it is not there, cannot be read or is none
     */
    static JsonNode json(Storage storage, String path) {
        String place = storage.describe() + "/" + path;
        try {
            JsonNode json = JSON.readTree(read(storage, path));
            if (!json.isObject()) {
                throw new InputException(place + ": is no JSON object; copy or write it again");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new InputException(place + ": is no JSON: " + e.getOriginalMessage() + "; copy or write it again", e);
        }
    }

    static void write(Storage storage, String path, String text) throws IOException {
        try (OutputStream out = storage.create(path)) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    static void write(Storage storage, String path, JsonNode json) throws IOException {
        write(storage, path, JSON.writeValueAsString(json) + "\n");
    }
}

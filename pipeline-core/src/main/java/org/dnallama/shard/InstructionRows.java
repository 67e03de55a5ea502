package org.dnallama.shard;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.InputException;

/**
 * Reads labelled sequences from instruction JSON: objects with {@code instruction}, {@code input} (the sequence) and
 * {@code output} (the label), in one array or one after the other, as JSON lines are.
 */
public final class InstructionRows {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private InstructionRows() {}

    /**
     * Reads all rows. The instruction must be there but is not kept.
     *
     * @param in JSON text, read to its end and not closed
     * @param file its path, which messages name; its last part and the line name rows
     * @param labels what the outputs say
     * @return the rows, in file order, at least one
     * @throws InputException if the text is no JSON, a row lacks a key, a label or a sequence is bad, there is no row,
     *     or the stream fails; the message has file, line, value and remedy
     */
    public static List<LabelledSequence> read(InputStream in, String file, LabelRule labels) {
        List<LabelledSequence> rows = new ArrayList<>();
        try (JsonParser parser = JSON.createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
            JsonToken token = parser.nextToken();
            boolean array = token == JsonToken.START_ARRAY;
            if (array) {
                token = parser.nextToken();
            }
            while (token != null && token != JsonToken.END_ARRAY) {
                String place = file + ":" + parser.currentTokenLocation().getLineNr();
                rows.add(row(JSON.readTree(parser), place, labels));
                token = parser.nextToken();
            }
            if (array && parser.nextToken() != null) {
                throw new InputException(
                        file + ":" + parser.currentTokenLocation().getLineNr()
                                + ": there is more after the array; end the file there");
            }
        } catch (JsonProcessingException e) {
            JsonLocation where = e.getLocation();
            throw new InputException(
                    file + ":" + (where == null ? 1 : where.getLineNr()) + ": is no JSON: " + e.getOriginalMessage()
                            + "; correct the text there",
                    e);
        } catch (IOException e) {
            throw new InputException(file + ": cannot be read: " + e.getMessage(), e);
        }
        if (rows.isEmpty()) {
            throw new InputException(
                    file + ":1: has no row; give at least one object with instruction, input and output");
        }
        return rows;
    }

    private static LabelledSequence row(JsonNode row, String place, LabelRule labels) {
        text(row, "instruction", place);
        return LabelledSequences.row(text(row, "input", place), text(row, "output", place), place, labels);
    }

    private static String text(JsonNode row, String key, String place) {
        JsonNode value = row.path(key);
        if (!value.isTextual() && !value.isIntegralNumber()) {
            throw new InputException(
                    place + ": has no text '" + key + "'; a row must be an object with instruction, input and output");
        }
        return value.asText();
    }
}

package org.dnallama.bench;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a benchmark found: one flat JSON object of dotted keys, such as {@code vector.base.vsLibTorch}. */
public final class Figures {

    private final ObjectNode json = JsonNodeFactory.instance.objectNode();

    /** Figures that begin with the machine on which they are measured. */
    public Figures() {
        json.put("machine.cpu", Machine.cpu());
        json.put("machine.cores", Machine.cores());
        json.put("machine.java", Machine.java());
        json.put("machine.loadAtStart", Machine.load());
    }

    /**
     * Adds a figure.
     *
     * @param key dotted
     * @param value not a number if it could not be measured: then null is written
     * @return these figures
     */
    public Figures put(String key, double value) {
        if (Double.isFinite(value)) {
            json.put(key, value);
        } else {
            json.putNull(key);
        }
        return this;
    }

    /**
     * Writes them, with the load at this moment.
     *
     * @param file overwritten
     * @throws IOException if it cannot be written
     */
    public void write(Path file) throws IOException {
        json.put("machine.loadAtEnd", Machine.load());
        Files.writeString(
                file,
                JsonMapper.builder().build().writerWithDefaultPrettyPrinter().writeValueAsString(json) + "\n");
    }
}

package org.dnallama.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.InputException;
import org.dnallama.spark.HadoopStorage;

/** A finished folder that another job wrote. */
final class Folder {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String path;
    private final HadoopStorage storage;
    private final String remedy;

    private Folder(String path, HadoopStorage storage, String remedy) {
        this.path = path;
        this.storage = storage;
        this.remedy = remedy;
    }

    /**
     * Opens a folder.
     *
     * @param path where it is
     * @param remedy what to do when it is not finished, an imperative
     * @param hadoop file system settings
     * @return the folder
     * @throws InputException if it has no {@code _SUCCESS}
     */
    static Folder open(String path, String remedy, Configuration hadoop) {
        try {
            HadoopStorage storage = new HadoopStorage(path, hadoop);
            if (!storage.exists(".")) {
                throw new InputException(path + ": no such folder; " + remedy);
            }
            if (!storage.exists("_SUCCESS")) {
                throw new InputException(path + ": has no _SUCCESS, so it is not finished; " + remedy);
            }
            return new Folder(path, storage, remedy);
        } catch (IOException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage() + "; " + remedy, e);
        }
    }

    /**
     * Where it is.
     *
     * @return its path, as given
     */
    String path() {
        return path;
    }

    /**
     * Reads a text file.
     *
     * @param name its name in the folder
     * @return its content
     * @throws InputException if it is not there
     */
    String text(String name) {
        try {
            if (!storage.exists(name)) {
                throw new InputException(path + ": has no " + name + "; " + remedy);
            }
            try (InputStream in = storage.open(name)) {
                return new String(in.readAllBytes(), StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new InputException(path + "/" + name + ": cannot be read: " + e.getMessage() + "; " + remedy, e);
        }
    }

    /**
     * Reads a JSON file.
     *
     * @param name its name in the folder
     * @return its content
     * @throws InputException if it is not there or no JSON
     */
    JsonNode json(String name) {
        try {
            return JSON.readTree(text(name));
        } catch (JsonProcessingException e) {
            throw new InputException(path + "/" + name + ": is no JSON: " + e.getOriginalMessage() + "; " + remedy, e);
        }
    }
}

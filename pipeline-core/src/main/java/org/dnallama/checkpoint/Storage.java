package org.dnallama.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** A folder on some file system; paths are relative to it, with {@code /} between names. */
public interface Storage {

    /**
     * Opens a file for reading.
     *
     * @param path relative
     * @return its bytes
     * @throws IOException if it is not there or cannot be read
     */
    InputStream open(String path) throws IOException;

    /**
     * Creates or replaces a file, with the folders on its way.
     *
     * @param path relative
     * @return where to write
     * @throws IOException if it cannot be written
     */
    OutputStream create(String path) throws IOException;

    /**
     * Whether there is such a file or folder.
     *
     * @param path relative
     * @return true if it is there
     * @throws IOException if the file system fails
     */
    boolean exists(String path) throws IOException;

    /**
     * Names in a folder.
     *
     * @param path relative
     * @return names, sorted; empty if there is no such folder
     * @throws IOException if the file system fails
     */
    List<String> list(String path) throws IOException;

    /**
     * Moves a file or folder to a name that is free.
     *
     * @param from relative
     * @param to relative
     * @throws IOException if it cannot be moved
     */
    void rename(String from, String to) throws IOException;

    /**
     * Deletes a file or folder with all that is in it; nothing happens if there is none.
     *
     * @param path relative
     * @throws IOException if it cannot be deleted
     */
    void delete(String path) throws IOException;

    /**
     * A file as the local disk sees it, so that it can be mapped into memory.
     *
     * @param path relative
     * @return its path there; empty if the folder lies elsewhere
     */
    default Optional<Path> local(String path) {
        return Optional.empty();
    }

    /**
     * How to name the folder in messages.
     *
     * @return its place
     */
    String describe();
}

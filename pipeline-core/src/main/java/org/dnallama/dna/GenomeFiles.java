package org.dnallama.dna;

import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.InputException;

/** Files on some file system, as this package needs them. Goes to tasks with the files that it opens. */
public interface GenomeFiles extends Serializable {

    /**
     * Opens a file for reading at any place.
     *
     * @param path a file
     * @return a stream that knows its length and reads only what is asked for; to be closed by the caller
     * @throws java.io.FileNotFoundException if there is none
     * @throws IOException if it cannot be read
     */
    SeekableStream open(String path) throws IOException;

    /**
     * Opens a file for reading from end to end.
     *
     * @param path a file
     * @return its bytes, to be closed by the caller
     * @throws java.io.FileNotFoundException if there is none
     * @throws IOException if it cannot be read
     */
    InputStream stream(String path) throws IOException;

    /**
     * Tells whether a file is there.
     *
     * @param path a place
     * @return true for a file, false for a folder
     * @throws IOException if the file system cannot tell
     */
    boolean exists(String path) throws IOException;

    /**
     * FASTA files that a path stands for.
     *
     * @param path a file; a folder, for the files right inside it that are named as FASTA files; or a pattern with *,
     *     ?, [ab] or {a,b}, for all that match but hidden files, folders and indexes
     * @return their paths, sorted; empty if there is none
     * @throws IOException if the file system cannot tell
     */
    List<String> find(String path) throws IOException;

    /**
     * FASTA files that several paths stand for.
     *
     * @param given paths, each as for {@link #find}
     * @param key of the setting that named them, for messages
     * @return at least one file for each
     * @throws InputException if a path stands for no file or cannot be read
     */
    default List<String> findAll(List<String> given, String key) {
        List<String> paths = new ArrayList<>();
        for (String path : given) {
            try {
                List<String> found = find(path);
                if (found.isEmpty()) {
                    throw new InputException(path + ": no such file; check " + key);
                }
                paths.addAll(found);
            } catch (IOException e) {
                throw new InputException(path + ": cannot be read: " + e.getMessage() + "; check " + key, e);
            }
        }
        return paths;
    }

    /**
     * Creates a file, over one that is there.
     *
     * @param path its place
     * @return a stream into it, to be closed by the caller
     * @throws IOException if it cannot be written
     */
    OutputStream create(String path) throws IOException;

    /**
     * Writes a small file, whole or not at all.
     *
     * @param path its place
     * @param content its bytes
     * @throws IOException if it cannot be written; nothing is left then
     */
    void write(String path, byte[] content) throws IOException;

    /**
     * Reads a small file.
     *
     * @param path a file
     * @return its bytes
     * @throws IOException if it cannot be read
     */
    default byte[] readAll(String path) throws IOException {
        try (InputStream in = stream(path)) {
            return in.readAllBytes();
        }
    }
}

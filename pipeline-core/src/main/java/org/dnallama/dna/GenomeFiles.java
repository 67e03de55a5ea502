package org.dnallama.dna;

import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.Serializable;
import java.util.List;

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

package org.dnallama.dna;

import htsjdk.samtools.seekablestream.ByteArraySeekableStream;
import htsjdk.samtools.seekablestream.SeekableStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.TreeMap;

/** Files in memory. */
final class MemoryFiles implements GenomeFiles {

    private static final long serialVersionUID = 1L;

    private final TreeMap<String, byte[]> files = new TreeMap<>();

    MemoryFiles put(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    @Override
    public SeekableStream open(String path) throws IOException {
        return new ByteArraySeekableStream(content(path));
    }

    @Override
    public InputStream stream(String path) throws IOException {
        return new ByteArrayInputStream(content(path));
    }

    private byte[] content(String path) throws IOException {
        byte[] content = files.get(path);
        if (content == null) {
            throw new FileNotFoundException(path);
        }
        return content;
    }

    @Override
    public boolean exists(String path) {
        return files.containsKey(path);
    }

    @Override
    public List<String> find(String path) {
        return files.containsKey(path) ? List.of(path) : List.of();
    }

    @Override
    public OutputStream create(String path) {
        return new ByteArrayOutputStream() {
            @Override
            public void close() {
                files.put(path, toByteArray());
            }
        };
    }

    @Override
    public void write(String path, byte[] content) {
        files.put(path, content);
    }
}

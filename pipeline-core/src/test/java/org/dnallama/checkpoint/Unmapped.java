package org.dnallama.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/** A folder that hides its place on the disk, as one on a remote file system does: files are read as streams. */
record Unmapped(Storage folder) implements Storage {

    @Override
    public InputStream open(String path) throws IOException {
        return folder.open(path);
    }

    @Override
    public OutputStream create(String path) throws IOException {
        return folder.create(path);
    }

    @Override
    public boolean exists(String path) throws IOException {
        return folder.exists(path);
    }

    @Override
    public List<String> list(String path) throws IOException {
        return folder.list(path);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        folder.rename(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        folder.delete(path);
    }

    @Override
    public String describe() {
        return folder.describe();
    }
}

package org.dnallama.ingest;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.hadoop.fs.Path;

/** Stands for an object store: a disk that may get full, under a scheme of such a store, where nothing is renamed. */
public final class StoreFileSystem extends FullFileSystem {

    /** How often a rename was asked for. */
    public static final AtomicInteger RENAMES = new AtomicInteger();

    @Override
    public URI getUri() {
        return URI.create("s3a:///");
    }

    @Override
    public boolean rename(Path from, Path to) {
        RENAMES.incrementAndGet();
        throw new UnsupportedOperationException("rename " + from + " to " + to);
    }
}

package org.dnallama.spark;

import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Finds the file system of a path. */
final class FileSystems {

    private FileSystems() {}

    /**
     * The file system of a path.
     *
     * @param place a path; without a scheme it lies on the default file system
     * @param hadoop file system settings
     * @return the file system
     * @throws IOException if there is none for its scheme, also when the library of it is not on the class path
     */
    static FileSystem of(Path place, Configuration hadoop) throws IOException {
        try {
            return place.getFileSystem(hadoop);
        } catch (RuntimeException e) {
            if (e.getCause() instanceof ClassNotFoundException) {
                throw new IOException(
                        "the library for " + place.toUri().getScheme() + ":// is not on the class path ("
                                + e.getCause().getMessage()
                                + "); run it by spark-submit with it, as in -- --packages org.apache.hadoop:hadoop-aws:3.3.4",
                        e);
            }
            throw e;
        }
    }
}

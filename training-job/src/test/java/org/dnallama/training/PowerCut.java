package org.dnallama.training;

import java.io.IOException;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** The local file system of a machine that loses its power just before the checkpoint of step 8 gets its name. */
public final class PowerCut extends LocalFileSystem {

    /** What the process leaves. */
    static final int EXIT_CODE = 137;

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        if (to.getName().equals("step-8")) {
            Runtime.getRuntime().halt(EXIT_CODE);
        }
        return super.rename(from, to);
    }
}

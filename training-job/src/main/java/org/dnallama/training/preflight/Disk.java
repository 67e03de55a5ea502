package org.dnallama.training.preflight;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.dnallama.plan.Plan;

/** Whether the output's file system has room: a new checkpoint stands beside the one before it, and then the model. */
final class Disk {

    private static final double GIBIBYTE = 0x1p30;

    private Disk() {}

    static void look(Path output, FileSystem files, Plan plan, Findings findings) throws IOException {
        long needed = 2 * plan.checkpointBytes() + plan.parameters() * Float.BYTES;
        long free = files.getStatus(nearest(output, files)).getRemaining();
        if (needed > free) {
            findings.setting(String.format(
                    Locale.ROOT,
                    "%s: its disk has %.2f GiB free, but two checkpoints and the model take %.2f GiB; %s",
                    output,
                    free / GIBIBYTE,
                    needed / GIBIBYTE,
                    "make room there or choose another output"));
        }
    }

    /** The output itself may not be there yet. */
    private static Path nearest(Path output, FileSystem files) throws IOException {
        Path place = output;
        while (place.getParent() != null && !files.exists(place)) {
            place = place.getParent();
        }
        return place;
    }
}

package org.dnallama.scan;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Scores of single ranges, in files that a run after a crash finds again and that the tracks are made from.
 *
 * @param folder of the files
 * @param hadoop file system settings
 */
record Parts(String folder, SerializableConfiguration hadoop) implements Serializable {

    private static final String PREFIX = "range-";

    /**
     * The ranges whose scores are there, whole.
     *
     * @param windows of each range, by its index
     * @return their indexes
     */
    Set<Integer> finished(int[] windows) throws IOException {
        FileSystem files = files();
        Set<Integer> finished = new HashSet<>();
        if (files.exists(new Path(folder))) {
            // One look at the folder: object stores take their time over single files.
            for (FileStatus file : files.listStatus(new Path(folder))) {
                String name = file.getPath().getName();
                if (name.startsWith(PREFIX)) {
                    int index = Integer.parseInt(name.substring(PREFIX.length()));
                    if (index < windows.length && file.getLen() == 2L * Float.BYTES * windows[index]) {
                        finished.add(index);
                    }
                }
            }
        }
        return finished;
    }

    /** Writes a range's scores; two attempts at the same one do not meet, and leave the same file. */
    void write(int index, Scores scores, long attempt) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(2 * Float.BYTES * scores.count());
        bytes.asFloatBuffer().put(scores.forward()).put(scores.reverse());
        Path draft = new Path(folder, ".draft-" + attempt);
        FileSystem files = files();
        try (DataOutputStream out = files.create(draft, true)) {
            out.write(bytes.array());
        }
        files.delete(place(index), false);
        if (!files.rename(draft, place(index))) {
            throw new IOException("cannot rename " + draft + " to " + place(index));
        }
    }

    /** Reads a range's scores. */
    Scores read(int index, int windows) throws IOException {
        byte[] bytes = new byte[2 * Float.BYTES * windows];
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(files().open(place(index))))) {
            in.readFully(bytes);
        }
        Scores scores = new Scores(new float[windows], new float[windows]);
        ByteBuffer.wrap(bytes).asFloatBuffer().get(scores.forward()).get(scores.reverse());
        return scores;
    }

    void delete() throws IOException {
        files().delete(new Path(folder), true);
    }

    private Path place(int index) {
        return new Path(folder, String.format(Locale.ROOT, "%s%08d", PREFIX, index));
    }

    private FileSystem files() throws IOException {
        return new Path(folder).getFileSystem(hadoop.value());
    }
}

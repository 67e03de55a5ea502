package org.dnallama.spark;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.checkpoint.Storage;
import org.dnallama.config.InputException;
import org.dnallama.shard.LabelledSequence;
import org.dnallama.shard.LabelledSequences;
import org.dnallama.shard.LabelledSplit;

/** Reads labelled sequences from CSV files or labelled shards. */
final class LabelledRows {

    private LabelledRows() {}

    /**
     * One split of a data set.
     *
     * @param folder with {@code train.csv} and {@code dev.csv}, or labelled shards
     * @param split which
     * @param key the setting that names the folder
     * @param hadoop file system settings
     * @throws InputException if it is not there, or a row is bad
     */
    static List<LabelledSequence> read(String folder, LabelledSplit split, String key, Configuration hadoop)
            throws IOException {
        if (LabelledShards.isAt(folder, hadoop)) {
            return LabelledShards.read(folder, split, hadoop);
        }
        String name = split.label() + ".csv";
        Storage storage = new HadoopStorage(folder, hadoop);
        if (!storage.exists(name)) {
            throw new InputException(folder + "/" + name + ": no such file; " + key + " needs train.csv and dev.csv");
        }
        try (InputStream in = storage.open(name)) {
            return LabelledSequences.read(in, folder + "/" + name);
        }
    }

    /** The sequences of a CSV file, or those of dev and test in a folder. */
    static List<String> heldOut(String place, Configuration hadoop) throws IOException {
        List<LabelledSequence> rows = new ArrayList<>();
        if (place.endsWith(".csv")) {
            int cut = place.lastIndexOf('/') + 1;
            String folder = cut == 0 ? "." : place.substring(0, cut);
            Storage storage = new HadoopStorage(folder, hadoop);
            if (!storage.exists(place.substring(cut))) {
                throw new InputException(place + ": no such file; correct heldOut.data");
            }
            try (InputStream in = storage.open(place.substring(cut))) {
                rows.addAll(LabelledSequences.read(in, place));
            }
        } else {
            rows.addAll(read(place, LabelledSplit.DEV, "heldOut.data", hadoop));
            rows.addAll(read(place, LabelledSplit.TEST, "heldOut.data", hadoop));
        }
        return rows.stream().map(LabelledSequence::sequence).toList();
    }
}

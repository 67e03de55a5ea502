package org.dnallama.ingest;

import java.io.Serializable;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.ShardManifest.SplitCounts;
import org.dnallama.shard.Split;

/**
 * One of the files to write.
 *
 * @param split the split it belongs to
 * @param number among the files of its split
 */
record ShardSlot(Split split, int number) implements Serializable {

    static ShardSlot of(int index) {
        int splits = Split.values().length;
        return new ShardSlot(Split.values()[index % splits], index / splits);
    }

    int index() {
        return number * Split.values().length + split.ordinal();
    }

    String file() {
        return new Shard(split, number, SplitCounts.ZERO, 0, "").file();
    }
}

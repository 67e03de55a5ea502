package org.dnallama.ingest;

import org.apache.spark.Partitioner;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;

/**
 * Parts of shards: bucket i of a shard holds the rows whose random keys lie in the i-th of equal intervals. Spark sorts
 * buckets, the rows of one are sorted in memory.
 */
final class Buckets extends Partitioner {

    private static final long serialVersionUID = 1L;

    // Few enough for the memory of a task: 40 MB of characters, if all have a soft mask.
    private static final double MOST_BASES = 8e6;

    private final int shards;
    private final int perShard;

    /**
     * Plans buckets.
     *
     * @param shards files of each split, at least 1
     * @param bases of all rows
     */
    Buckets(int shards, double bases) {
        this.shards = shards;
        this.perShard = (int) Math.max(1, Math.ceil(bases / shards / MOST_BASES));
    }

    /** The slot that a row belongs to. */
    int slotOf(ShardRow row) {
        return new ShardSlot(row.split(), row.shard(shards)).index();
    }

    /** The bucket that a row belongs to. */
    int bucketOf(ShardRow row) {
        long high = (row.order() >> Integer.SIZE) - Integer.MIN_VALUE;
        return slotOf(row) * perShard + (int) (high * perShard >>> Integer.SIZE);
    }

    /** The slot of a bucket. */
    int slotOf(int bucket) {
        return bucket / perShard;
    }

    /** One partition for each slot, so that each task writes one file. */
    @Override
    public int numPartitions() {
        return Split.values().length * shards;
    }

    @Override
    public int getPartition(Object bucket) {
        return slotOf((Integer) bucket);
    }
}

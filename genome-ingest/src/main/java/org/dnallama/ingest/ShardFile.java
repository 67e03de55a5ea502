package org.dnallama.ingest;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.dnallama.shard.Packer;
import org.dnallama.shard.ShardManifest.Shard;
import org.dnallama.shard.ShardManifest.SplitCounts;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;
import org.dnallama.spark.DraftFile;
import org.dnallama.token.Tokenizer;

/** One Parquet file in the making. Equal rows give equal bytes: nothing in it depends on time, host or memory. */
final class ShardFile implements Closeable {

    private final Split split;
    private final int number;
    private final DraftFile file;
    private final RowGroups groups;
    private final Optional<Packer> packer;
    private SplitCounts counts = SplitCounts.ZERO;

    /**
     * Starts a file.
     *
     * @param slot which shard
     * @param format how rows are stored
     * @param tokenizer that made the tokens
     * @param attempt told apart from other tasks that may write the same shard
     * @param hadoop file system settings
     * @throws IOException if it cannot be written
     */
    ShardFile(ShardSlot slot, ShardFormat format, Tokenizer tokenizer, long attempt, Configuration hadoop)
            throws IOException {
        this.split = slot.split();
        this.number = slot.number();
        Path place = new Path(format.folder(), slot.file());
        this.file = new DraftFile(place.getFileSystem(hadoop), place, attempt);
        this.groups = new RowGroups(file, format.packed(), hadoop);
        this.packer = format.packed()
                ? Optional.of(new Packer(format.packedLength(), tokenizer, packed -> {
                    counts = counts.plus(new SplitCounts(1, packed.ownTokens(), packed.bases()));
                    put(packed);
                }))
                : Optional.empty();
    }

    void add(ShardRow row) {
        if (packer.isPresent()) {
            packer.get().add(row);
        } else {
            counts = counts.plus(new SplitCounts(1, row.tokens().length, row.bases()));
            put(row);
        }
    }

    private void put(Object row) {
        try {
            groups.write(row);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Completes the file and gives it its name.
     *
     * @return what it holds
     * @throws IOException if it cannot be written
     */
    Shard finish() throws IOException {
        packer.ifPresent(Packer::finish);
        file.holdTail();
        groups.finish();
        file.publish();
        return new Shard(split, number, counts, file.bytes(), file.sha256());
    }

    /** Throws away what is not whole. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}

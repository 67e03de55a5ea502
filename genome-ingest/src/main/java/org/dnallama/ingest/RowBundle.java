package org.dnallama.ingest;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.dnallama.shard.ShardRow;
import org.dnallama.shard.Split;

/** Some rows as one record of Spark's shuffle, whose cost is by record. */
final class RowBundle {

    private static final int HEAD = Long.BYTES + Integer.BYTES;

    private RowBundle() {}

    private record Stored(long order, ByteBuffer row) {}

    static byte[] of(List<ShardRow> rows) {
        List<byte[]> stored = rows.stream().map(RowBytes::of).toList();
        ByteBuffer bundle = ByteBuffer.allocate(
                stored.stream().mapToInt(row -> HEAD + row.length).sum());
        for (int i = 0; i < stored.size(); i++) {
            bundle.putLong(rows.get(i).order()).putInt(stored.get(i).length).put(stored.get(i));
        }
        return bundle.array();
    }

    /**
     * The rows of some bundles in the order of a shard. Rows with the same random key are told apart by their bytes, so
     * that the order is one in all runs.
     */
    static Iterable<ShardRow> sorted(List<byte[]> bundles, Split split) {
        List<Stored> rows = new ArrayList<>();
        for (byte[] bundle : bundles) {
            ByteBuffer bytes = ByteBuffer.wrap(bundle);
            while (bytes.hasRemaining()) {
                long order = bytes.getLong();
                int length = bytes.getInt();
                rows.add(new Stored(order, bytes.slice(bytes.position(), length)));
                bytes.position(bytes.position() + length);
            }
        }
        rows.sort(Comparator.comparingLong(Stored::order).thenComparing(Stored::row));
        return () -> rows.stream()
                .map(stored -> RowBytes.read(stored.row, split, stored.order))
                .iterator();
    }
}

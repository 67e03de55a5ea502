package org.dnallama.spark;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.dnallama.config.InputException;
import org.dnallama.shard.MaskedTokens;
import org.dnallama.shard.StoredRows;

/**
 * Rows of shards; of packed rows, their documents. The footers of all files say where they lie, so that a range is read
 * from the row groups alone that hold it.
 */
final class ShardRows implements StoredRows {

    private static final List<String> COLUMNS = List.of("tokens", "soft_mask", "boundaries");
    private static final float MOST = 0.5f;

    private final List<RowGroup> groups = new ArrayList<>();
    private final Configuration hadoop;
    private int size;
    private long tokens;

    /** A row group, and the number of its first row among all. */
    private record RowGroup(Path file, int number, int first, int count) {

        int end() {
            return first + count;
        }
    }

    /**
     * Reads the footers.
     *
     * @param files in order
     * @param hadoop file system settings
     * @throws InputException if one is damaged
     */
    ShardRows(List<Path> files, Configuration hadoop) {
        this.hadoop = hadoop;
        files.forEach(this::add);
    }

    private void add(Path file) {
        try (ParquetFileReader reader = open(file)) {
            List<BlockMetaData> blocks = reader.getFooter().getBlocks();
            for (int i = 0; i < blocks.size(); i++) {
                long rows = blocks.get(i).getRowCount();
                // A packed row has one more boundary than documents.
                Optional<Long> boundaries = values(blocks.get(i), "boundaries");
                int count = Math.toIntExact(boundaries.isPresent() ? boundaries.get() - rows : rows);
                groups.add(new RowGroup(file, i, size, count));
                size = Math.addExact(size, count);
                tokens += values(blocks.get(i), "tokens").orElseThrow();
            }
        } catch (IOException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private static Optional<Long> values(BlockMetaData block, String column) {
        return block.getColumns().stream()
                .filter(chunk -> chunk.getPath().toArray()[0].equals(column))
                .map(ColumnChunkMetaData::getValueCount)
                .findFirst();
    }

    private ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(HadoopInputFile.fromPath(file, hadoop));
    }

    /** Parquet says by all kinds of runtime exceptions that a file is damaged or holds something else. */
    private static InputException unreadable(Path file, Exception e) {
        return new InputException(file + ": is no readable shard: " + e.getMessage() + "; run ingest again", e);
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public long tokens() {
        return tokens;
    }

    @Override
    public List<MaskedTokens> read(int from, int to) {
        List<MaskedTokens> rows = new ArrayList<>();
        for (RowGroup group : groups) {
            if (group.first < to && group.end() > from) {
                try (ParquetFileReader reader = open(group.file)) {
                    read(reader, group, from, to, rows);
                } catch (IOException | RuntimeException e) {
                    throw unreadable(group.file, e);
                }
            }
        }
        return rows;
    }

    private static void read(ParquetFileReader reader, RowGroup group, int from, int to, List<MaskedTokens> rows)
            throws IOException {
        MessageType whole = reader.getFooter().getFileMetaData().getSchema();
        List<Type> fields = COLUMNS.stream()
                .filter(whole::containsField)
                .map(whole::getType)
                .toList();
        MessageType wanted = new MessageType(whole.getName(), fields);
        reader.setRequestedSchema(wanted);
        Cursor cursor = new Cursor(reader.readRowGroup(group.number), wanted);
        for (int next = group.first; next < Math.min(to, group.end()); ) {
            next = cursor.read(next, from, to, rows);
        }
    }

    /** Walks the rows of a group. */
    private static final class Cursor {

        private final ShardColumn tokens;
        private final Optional<ShardColumn> softMask;
        private final Optional<ShardColumn> boundaries;

        Cursor(PageReadStore pages, MessageType schema) {
            this.tokens = new ShardColumn("tokens", pages, schema);
            this.softMask = column("soft_mask", pages, schema);
            this.boundaries = column("boundaries", pages, schema);
        }

        private static Optional<ShardColumn> column(String name, PageReadStore pages, MessageType schema) {
            return schema.containsField(name) ? Optional.of(new ShardColumn(name, pages, schema)) : Optional.empty();
        }

        /** Adds what is wanted of the next row, whose first number is given; returns that of the row after it. */
        int read(int number, int from, int to, List<MaskedTokens> rows) {
            int[] bounds = boundaries.map(ShardColumn::integers).orElse(new int[2]);
            int end = number + bounds.length - 1;
            if (end <= from) {
                tokens.skip();
                softMask.ifPresent(ShardColumn::skip);
                return end;
            }
            int[] all = tokens.integers();
            BitSet masked = softMask.map(column -> column.above(MOST)).orElseGet(BitSet::new);
            if (boundaries.isEmpty()) {
                rows.add(new MaskedTokens(all, masked));
                return end;
            }
            for (int i = Math.max(from, number); i < Math.min(to, end); i++) {
                // Without its begin and end tokens.
                int first = bounds[i - number] + 1;
                int last = bounds[i - number + 1] - 1;
                rows.add(new MaskedTokens(Arrays.copyOfRange(all, first, last), masked.get(first, last)));
            }
            return end;
        }
    }
}

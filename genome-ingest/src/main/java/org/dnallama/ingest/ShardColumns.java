package org.dnallama.ingest;

import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.dnallama.dna.Interval;
import org.dnallama.dna.Strand;
import org.dnallama.shard.PackedRow;
import org.dnallama.shard.ShardRow;

/**
 * The columns of a shard, for Parquet: a window a row ({@link ShardRow}), or a packed row ({@link PackedRow}). A value
 * comes with Parquet's two levels: its repetition level is 0 if it starts a row, else 1, its definition level 1 within
 * a list, else 0; no list of a shard is empty.
 */
final class ShardColumns {

    private static final Set<String> LISTS = Set.of("tokens", "soft_mask");

    private static final String PLACE = """
            required binary contig (STRING);
            required int64 start;
            required int64 end;
            required binary strand (STRING);
            """;

    private static final String TOKENS = """
            required group tokens (LIST) { repeated group list { required int32 element; } }
            required group soft_mask (LIST) { repeated group list { required float element; } }
            required int32 bases;
            """;

    private static final MessageType WINDOWS =
            MessageTypeParser.parseMessageType("message window {" + PLACE + TOKENS + "}");

    private static final MessageType PACKED = MessageTypeParser.parseMessageType("message packed {" + TOKENS
            + "required group boundaries (LIST) { repeated group list { required int32 element; } }"
            + "required group documents (LIST) { repeated group list { required group element {" + PLACE + "} } } }");

    private final ColumnWriteStore columns;
    private final List<ColumnWriter> writers;
    private final ListColumn tokens;
    private final ListColumn softMask;

    /**
     * Starts a row group.
     *
     * @param packed whether rows are packed
     * @param pages of the row group
     * @param properties of the columns that Parquet writes
     */
    ShardColumns(boolean packed, ColumnChunkPageWriteStore pages, ParquetProperties properties) {
        MessageType schema = schema(packed);
        this.tokens = list(schema, pages, "tokens");
        this.softMask = list(schema, pages, "soft_mask");
        MessageType others = new MessageType(
                schema.getName(),
                schema.getFields().stream()
                        .filter(field -> !LISTS.contains(field.getName()))
                        .toList());
        this.columns = properties.newColumnWriteStore(others, pages, pages);
        this.writers =
                others.getColumns().stream().map(columns::getColumnWriter).toList();
    }

    private static ListColumn list(MessageType schema, ColumnChunkPageWriteStore pages, String name) {
        ColumnDescriptor column = schema.getColumnDescription(new String[] {name, "list", "element"});
        return new ListColumn(column, pages.getPageWriter(column));
    }

    /** The schema of rows that are packed, or of those that are not. */
    static MessageType schema(boolean packed) {
        return packed ? PACKED : WINDOWS;
    }

    /** Writes all columns of a row, which must be of the schema's kind. */
    void write(Object row) throws IOException {
        if (row instanceof PackedRow many) {
            tokens(many.tokens(), many.softMask());
            writers.get(0).write(many.bases(), 0, 0);
            boundaries(1, many.boundaries());
            documents(2, many.documents());
        } else if (row instanceof ShardRow one) {
            place(0, one.interval(), one.strand(), 0, 0);
            tokens(one.tokens(), one.softMask());
            writers.get(4).write(one.bases(), 0, 0);
        }
        columns.endRecord();
    }

    private void tokens(int[] ids, float[] fractions) throws IOException {
        tokens.add(ids);
        softMask.add(fractions);
    }

    private void place(int column, Interval interval, Strand strand, int repetition, int definition) {
        writers.get(column).write(Binary.fromString(interval.contig()), repetition, definition);
        writers.get(column + 1).write(interval.start(), repetition, definition);
        writers.get(column + 2).write(interval.end(), repetition, definition);
        writers.get(column + 3).write(Binary.fromString(strand.symbol()), repetition, definition);
    }

    private void boundaries(int column, List<Integer> boundaries) {
        for (int i = 0; i < boundaries.size(); i++) {
            writers.get(column).write(boundaries.get(i), repetition(i), 1);
        }
    }

    private void documents(int column, List<PackedRow.Document> documents) {
        for (int i = 0; i < documents.size(); i++) {
            place(column, documents.get(i).interval(), documents.get(i).strand(), repetition(i), 1);
        }
    }

    private static int repetition(int index) {
        return index == 0 ? 0 : 1;
    }

    /** Bytes in memory, about. */
    long bufferedBytes() {
        return columns.getBufferedSize() + tokens.bufferedBytes() + softMask.bufferedBytes();
    }

    /** Completes the pages of all columns. */
    void finish() throws IOException {
        columns.flush();
        tokens.finish();
        softMask.finish();
    }

    /** Frees memory. */
    void close() {
        columns.close();
    }
}

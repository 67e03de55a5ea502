package org.dnallama.ingest;

import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
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

    private final List<ColumnWriter> columns;

    /**
     * Takes the writers of a row group.
     *
     * @param schema one of {@link #schema}
     * @param columns its writers
     */
    ShardColumns(MessageType schema, ColumnWriteStore columns) {
        this.columns =
                schema.getColumns().stream().map(columns::getColumnWriter).toList();
    }

    /** The schema of rows that are packed, or of those that are not. */
    static MessageType schema(boolean packed) {
        return packed ? PACKED : WINDOWS;
    }

    /** Writes all columns of a row, which must be of the schema's kind. */
    void write(Object row) {
        if (row instanceof PackedRow many) {
            tokens(0, many.tokens(), many.softMask(), many.bases());
            boundaries(3, many.boundaries());
            documents(4, many.documents());
        } else if (row instanceof ShardRow one) {
            place(0, one.interval(), one.strand(), 0, 0);
            tokens(4, one.tokens(), one.softMask(), one.bases());
        }
    }

    private void place(int column, Interval interval, Strand strand, int repetition, int definition) {
        columns.get(column).write(Binary.fromString(interval.contig()), repetition, definition);
        columns.get(column + 1).write(interval.start(), repetition, definition);
        columns.get(column + 2).write(interval.end(), repetition, definition);
        columns.get(column + 3).write(Binary.fromString(strand.symbol()), repetition, definition);
    }

    private void tokens(int column, int[] tokens, float[] softMask, int bases) {
        ColumnWriter ids = columns.get(column);
        ColumnWriter fractions = columns.get(column + 1);
        // One column after the other: each has its own buffers and tables.
        for (int i = 0; i < tokens.length; i++) {
            ids.write(tokens[i], repetition(i), 1);
        }
        for (int i = 0; i < softMask.length; i++) {
            fractions.write(softMask[i], repetition(i), 1);
        }
        columns.get(column + 2).write(bases, 0, 0);
    }

    private void boundaries(int column, List<Integer> boundaries) {
        for (int i = 0; i < boundaries.size(); i++) {
            columns.get(column).write(boundaries.get(i), repetition(i), 1);
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
}

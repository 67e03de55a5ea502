package org.dnallama.ingest;

import java.io.IOException;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * The row groups of one Parquet file. Values go straight to the writers of their columns: Parquet's record consumer,
 * which follows the nesting of each element of a list, costs more than the elements.
 */
final class RowGroups {

    // Small enough that many tasks of one executor fit its heap, large enough to be read fast.
    private static final long GROUP_BYTES = 32L << 20;
    // To ask for the size of a group takes as long as to write some values.
    private static final int ROWS_BETWEEN_CHECKS = 16;

    // Starts and ends hardly repeat, which a dictionary would find out by filling up.
    private final ParquetProperties properties = ParquetProperties.builder()
            .withDictionaryEncoding("start", false)
            .withDictionaryEncoding("end", false)
            .build();
    private final boolean packed;
    private final MessageType schema;
    private final CodecFactory codecs;
    private final ParquetFileWriter writer;
    private Group group;

    /** What is in memory of the group that is being filled. */
    private record Group(ColumnChunkPageWriteStore pages, ShardColumns columns) {}

    private long rows;

    /**
     * Starts a file.
     *
     * @param file where to write
     * @param packed whether rows are packed
     * @param hadoop settings of the compression
     * @throws IOException if it cannot be written
     */
    RowGroups(OutputFile file, boolean packed, Configuration hadoop) throws IOException {
        this.packed = packed;
        this.schema = ShardColumns.schema(packed);
        this.codecs = new CodecFactory(hadoop, properties.getPageSizeThreshold());
        this.writer = new ParquetFileWriter(
                file,
                schema,
                ParquetFileWriter.Mode.CREATE,
                GROUP_BYTES,
                ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                properties.getColumnIndexTruncateLength(),
                properties.getStatisticsTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        writer.start();
        this.group = empty();
    }

    private Group empty() {
        ColumnChunkPageWriteStore pages = new ColumnChunkPageWriteStore(
                codecs.getCompressor(CompressionCodecName.ZSTD),
                schema,
                properties.getAllocator(),
                properties.getColumnIndexTruncateLength(),
                properties.getPageWriteChecksumEnabled());
        return new Group(pages, new ShardColumns(packed, pages, properties));
    }

    /**
     * Adds a row.
     *
     * @param row one of the kind that the file is for
     * @throws IOException if a full group cannot be written
     */
    void write(Object row) throws IOException {
        group.columns.write(row);
        rows++;
        if (rows % ROWS_BETWEEN_CHECKS == 0 && group.columns.bufferedBytes() > GROUP_BYTES) {
            flush();
            group = empty();
        }
    }

    private void flush() throws IOException {
        if (rows > 0) {
            writer.startBlock(rows);
            group.columns.finish();
            group.pages.flushToFileWriter(writer);
            writer.endBlock();
        }
        group.columns.close();
        rows = 0;
    }

    /**
     * Completes the file and closes it.
     *
     * @throws IOException if it cannot be written
     */
    void finish() throws IOException {
        flush();
        writer.end(Map.of());
        codecs.release();
    }
}

package org.dnallama.spark;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/**
 * Gives the footer of a Parquet file one order. Parquet lists the encodings of a column in the order of a hash set of
 * enum constants, whose hashes are other ones in each process; readers take them in any order.
 */
final class FooterOrder {

    // The length of the footer and the magic number.
    private static final int END = 8;

    private FooterOrder() {}

    /**
     * Orders a footer.
     *
     * @param tail the end of a file; it holds at least the whole footer
     * @return the same with the lists in order
     * @throws IOException if it is no footer
     */
    static byte[] ordered(byte[] tail) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(tail).order(ByteOrder.LITTLE_ENDIAN);
        int length = bytes.getInt(tail.length - END);
        int start = tail.length - END - length;
        FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(tail, start, length));
        for (RowGroup group : footer.getRow_groups()) {
            for (ColumnChunk column : group.getColumns()) {
                order(column.getMeta_data());
            }
        }
        ByteArrayOutputStream written = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, written);
        ByteBuffer ordered = ByteBuffer.allocate(start + written.size() + END).order(ByteOrder.LITTLE_ENDIAN);
        ordered.put(tail, 0, start).put(written.toByteArray()).putInt(written.size());
        return ordered.put(tail, tail.length - Integer.BYTES, Integer.BYTES).array();
    }

    private static void order(ColumnMetaData column) {
        List<Encoding> encodings = new ArrayList<>(column.getEncodings());
        encodings.sort(Comparator.comparingInt(Encoding::getValue));
        column.setEncodings(encodings);
        if (column.isSetEncoding_stats()) {
            List<PageEncodingStats> stats = new ArrayList<>(column.getEncoding_stats());
            stats.sort(Comparator.comparingInt(
                            (PageEncodingStats one) -> one.getPage_type().getValue())
                    .thenComparingInt(one -> one.getEncoding().getValue()));
            column.setEncoding_stats(stats);
        }
    }
}

package org.dnallama.spark;

import java.util.Arrays;
import java.util.BitSet;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;

/**
 * A column of lists in a row group, none of them empty, read row by row: Parquet's records cost more than the numbers.
 */
final class ShardColumn {

    private final ColumnReader values;
    private long left;

    /**
     * Starts at the group's first row.
     *
     * @param name of the column
     * @param pages the group
     * @param schema of what was read of it
     */
    ShardColumn(String name, PageReadStore pages, MessageType schema) {
        ColumnDescriptor column = schema.getColumns().stream()
                .filter(each -> each.getPath()[0].equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("has no column " + name));
        this.values = new ColumnReadStoreImpl(pages, new Nowhere(schema), schema, "").getColumnReader(column);
        this.left = values.getTotalValueCount();
    }

    /** The next row's numbers. */
    int[] integers() {
        int[] numbers = new int[16];
        int count = 0;
        do {
            if (count == numbers.length) {
                numbers = Arrays.copyOf(numbers, 2 * count);
            }
            numbers[count++] = values.getInteger();
        } while (advance());
        return Arrays.copyOf(numbers, count);
    }

    /** Which of the next row's numbers are above a threshold. */
    BitSet above(float threshold) {
        BitSet above = new BitSet();
        int i = 0;
        do {
            above.set(i++, values.getFloat() > threshold);
        } while (advance());
        return above;
    }

    /** Passes a row. */
    void skip() {
        do {
            values.skip();
        } while (advance());
    }

    /** Goes on to the next value; false if it begins another row. */
    private boolean advance() {
        values.consume();
        left--;
        return left > 0 && values.getCurrentRepetitionLevel() > 0;
    }

    /** Values are asked for one by one and go nowhere else. */
    private static final class Nowhere extends GroupConverter {

        private final GroupType type;

        Nowhere(GroupType type) {
            this.type = type;
        }

        @Override
        public Converter getConverter(int field) {
            return type.getType(field).isPrimitive()
                    ? new PrimitiveConverter() {}
                    : new Nowhere(type.getType(field).asGroupType());
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}

package org.dnallama.ingest;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.bytes.BytesUtils;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bitpacking.BytePacker;
import org.apache.parquet.column.values.bitpacking.Packer;

/**
 * A column of lists, none of them null or empty, in one row group, with a dictionary. Parquet's own writers take a
 * value at a time, with its levels, and so cost several times as much as all else that a token goes through.
 *
 * @see <a href="https://parquet.apache.org/docs/file-format/data-pages/encodings/">Parquet's encodings</a>
 */
final class ListColumn {

    // In a page, if no row alone has more.
    private static final int PAGE_VALUES = 1 << 18;
    private static final int PACKED_TOGETHER = 8;

    private final PageWriter pages;
    private final Statistics<?> statistics;
    private final Dictionary dictionary = new Dictionary();
    // Of the values of a page their numbers in the dictionary; room for a whole number of groups.
    private int[] numbers = new int[1 << 12];
    private int values;
    private final ByteArrayOutputStream repetitionLevels = new ByteArrayOutputStream();
    private int rows;

    /**
     * Starts a column.
     *
     * @param column of type int32 or float
     * @param pages where its pages go
     */
    ListColumn(ColumnDescriptor column, PageWriter pages) {
        this.pages = pages;
        this.statistics = Statistics.createStats(column.getPrimitiveType());
    }

    /** Adds a row. */
    void add(int[] list) throws IOException {
        startRow(list.length);
        for (int value : list) {
            int known = dictionary.size();
            numbers[values++] = dictionary.numberOf(value);
            if (dictionary.size() > known) {
                statistics.updateStats(value);
            }
        }
    }

    /** Adds a row, whose values are mostly like the ones before them. */
    void add(float[] list) throws IOException {
        startRow(list.length);
        float before = Float.NaN;
        for (float value : list) {
            if (value == before) {
                numbers[values] = numbers[values - 1];
            } else {
                int known = dictionary.size();
                numbers[values] = dictionary.numberOf(Float.floatToIntBits(value));
                if (dictionary.size() > known) {
                    statistics.updateStats(value);
                }
            }
            values++;
            before = value;
        }
    }

    // The first value of a row has repetition level 0, all others 1.
    private void startRow(int length) throws IOException {
        if (values > 0 && values + length > PAGE_VALUES) {
            writePage();
        }
        if (values + length > numbers.length) {
            int groups = Math.max(2 * numbers.length, values + length) / PACKED_TOGETHER + 1;
            numbers = Arrays.copyOf(numbers, groups * PACKED_TOGETHER);
        }
        writeRun(repetitionLevels, 1, 0, 1);
        if (length > 1) {
            writeRun(repetitionLevels, length - 1, 1, 1);
        }
        rows++;
    }

    private void writePage() throws IOException {
        ByteArrayOutputStream definitionLevels = new ByteArrayOutputStream();
        writeRun(definitionLevels, values, 1, 1);
        // What the whole dictionary spans holds the values of each page, and is what those of all pages span.
        pages.writePage(
                BytesInput.concat(
                        BytesInput.fromInt(repetitionLevels.size()),
                        BytesInput.from(repetitionLevels),
                        BytesInput.fromInt(definitionLevels.size()),
                        BytesInput.from(definitionLevels),
                        BytesInput.from(packed())),
                values,
                rows,
                statistics.copy(),
                Encoding.RLE,
                Encoding.RLE,
                Encoding.RLE_DICTIONARY);
        repetitionLevels.reset();
        values = 0;
        rows = 0;
    }

    // The width in bits, then one run: of one number, or of all numbers.
    private ByteArrayOutputStream packed() throws IOException {
        int width = Math.max(1, BytesUtils.getWidthFromMaxInt(dictionary.size() - 1));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(width);
        if (Arrays.stream(numbers, 0, values).allMatch(number -> number == numbers[0])) {
            writeRun(out, values, numbers[0], width);
            return out;
        }
        int groups = (values + PACKED_TOGETHER - 1) / PACKED_TOGETHER;
        Arrays.fill(numbers, values, groups * PACKED_TOGETHER, 0);
        byte[] bytes = new byte[groups * width];
        BytePacker packer = Packer.LITTLE_ENDIAN.newBytePacker(width);
        for (int group = 0; group < groups; group++) {
            packer.pack8Values(numbers, group * PACKED_TOGETHER, bytes, group * width);
        }
        BytesUtils.writeUnsignedVarInt(groups << 1 | 1, out);
        out.writeBytes(bytes);
        return out;
    }

    private static void writeRun(ByteArrayOutputStream out, int length, int value, int width) throws IOException {
        BytesUtils.writeUnsignedVarInt(length << 1, out);
        BytesUtils.writeIntLittleEndianPaddedOnBitWidth(out, value, width);
    }

    /** Bytes in memory, about. */
    long bufferedBytes() {
        return (long) numbers.length * Integer.BYTES + pages.getMemSize();
    }

    /** Completes the column. */
    void finish() throws IOException {
        writePage();
        ByteArrayOutputStream plain = new ByteArrayOutputStream(dictionary.size() * Integer.BYTES);
        for (int number = 0; number < dictionary.size(); number++) {
            BytesUtils.writeIntLittleEndian(plain, dictionary.value(number));
        }
        pages.writeDictionaryPage(new DictionaryPage(BytesInput.from(plain), dictionary.size(), Encoding.PLAIN));
    }
}

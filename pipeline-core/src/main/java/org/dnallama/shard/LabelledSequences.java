package org.dnallama.shard;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.dnallama.config.InputException;

/** Reads labelled sequences from CSV with the columns {@code sequence,label}, as the GUE benchmark has them. */
public final class LabelledSequences {

    private static final List<String> HEADER = List.of("sequence", "label");
    private static final String CODES = "ACGTURYSWKMBDHVN";
    private static final Pattern NO_CODE = Pattern.compile("[^" + CODES + "]");

    private LabelledSequences() {}

    /**
     * Reads all rows, of class 0 or 1; empty lines are skipped.
     *
     * @param in CSV text in UTF-8, read to its end and not closed
     * @param file its path, which messages name; its last part and the line name rows
     * @return the rows, in file order, at least one
     * @throws InputException if the header, a label or a sequence is bad, a row has another number of columns, there is
     *     no row, or the stream fails; the message has file, line, value and remedy
     */
    public static List<LabelledSequence> read(InputStream in, String file) {
        return read(in, file, LabelRule.TWO_CLASSES);
    }

    /**
     * Reads all rows; empty lines are skipped.
     *
     * @param in CSV text in UTF-8, read to its end and not closed
     * @param file its path, which messages name; its last part and the line name rows
     * @param labels what the labels say
     * @return the rows, in file order, at least one
     * @throws InputException if the header, a label or a sequence is bad, a row has another number of columns, there is
     *     no row, or the stream fails; the message has file, line, value and remedy
     */
    public static List<LabelledSequence> read(InputStream in, String file, LabelRule labels) {
        BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
        List<LabelledSequence> rows = new ArrayList<>();
        long line = 0; // the last one that was read well
        try {
            // Not closed: that would close the caller's stream.
            CSVParser parser = CSVFormat.DEFAULT.parse(reader);
            Iterator<CSVRecord> records = parser.iterator();
            checkHeader(records, file);
            line = parser.getCurrentLineNumber();
            while (records.hasNext()) {
                CSVRecord row = records.next();
                line = parser.getCurrentLineNumber();
                rows.add(row(row, file + ":" + line, labels));
            }
        } catch (IOException | UncheckedIOException | IllegalStateException e) {
            throw new InputException(
                    file + ":" + (line + 1) + ": cannot be read as CSV: " + e.getMessage() + "; check the quotes", e);
        }
        if (rows.isEmpty()) {
            throw new InputException(file + ":2: has no row; give at least one line 'sequence,label' below the header");
        }
        return rows;
    }

    private static void checkHeader(Iterator<CSVRecord> records, String file) {
        List<String> header = records.hasNext() ? records.next().toList() : List.of();
        if (!header.equals(HEADER)) {
            throw new InputException(file + ":1: header is '" + abbreviated(String.join(",", header))
                    + "'; the first line must be 'sequence,label'");
        }
    }

    private static LabelledSequence row(CSVRecord row, String place, LabelRule labels) {
        if (row.size() != HEADER.size()) {
            throw new InputException(place + ": has " + row.size() + (row.size() == 1 ? " column" : " columns")
                    + "; a row must have 2, 'sequence,label'");
        }
        return row(row.get(0), row.get(1), place, labels);
    }

    /**
     * Checks one row.
     *
     * @param bases the sequence as it stands in the file
     * @param label the label as it stands there
     * @param place file and line
     * @param labels what the labels say
     * @return the row
     * @throws InputException if the label or the sequence is bad
     */
    static LabelledSequence row(String bases, String label, String place, LabelRule labels) {
        int number = labels.number(label.strip(), place);
        String sequence = bases.strip().toUpperCase(Locale.ROOT);
        if (sequence.isEmpty()) {
            throw new InputException(place + ": the sequence is empty; give at least one base, or drop the row");
        }
        var odd = NO_CODE.matcher(sequence);
        if (odd.find()) {
            throw new InputException(place + ": '" + odd.group() + "' at base " + (odd.start() + 1)
                    + " is no nucleotide code; use IUPAC codes (" + CODES + "), N for an unknown base");
        }
        return new LabelledSequence(place.substring(place.lastIndexOf('/') + 1), sequence, number);
    }

    /** The beginning of a text, short enough for a message. */
    static String abbreviated(String text) {
        return text.length() <= 40 ? text : text.substring(0, 40) + "...";
    }
}

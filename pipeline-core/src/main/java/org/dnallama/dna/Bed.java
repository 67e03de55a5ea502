package org.dnallama.dna;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/** Intervals of a BED file: contig, start (0-based) and end (not included) in the first three columns. */
public final class Bed {

    private record Line(Interval interval, int number) {}

    private Bed() {}

    /**
     * Reads the text of a BED file. Empty lines, comments and the words {@code track} and {@code browser} at the start
     * of a line are passed over; columns may be divided by tabs or spaces.
     *
     * @param file its name, for messages
     * @param text its content
     * @param contigs what its intervals must lie in
     * @return the intervals of each contig that it names, in order, none overlapping; at least one
     * @throws InputException if a line is bad, lies outside of its contig, or overlaps another; with file and line
     */
    public static Map<String, List<Interval>> read(String file, String text, List<Contig> contigs) {
        Map<String, Contig> byName = new HashMap<>();
        contigs.forEach(contig -> byName.put(contig.name(), contig));
        Map<String, List<Line>> lines = new HashMap<>();
        int number = 0;
        for (String line : text.split("\n")) {
            number++;
            if (!line.isBlank() && !line.matches("(#|track\\b|browser\\b).*\\R?")) {
                Interval interval = interval(file + ":" + number, line, byName);
                lines.computeIfAbsent(interval.contig(), any -> new ArrayList<>())
                        .add(new Line(interval, number));
            }
        }
        if (lines.isEmpty()) {
            throw new InputException(file + ": has no interval; give at least one line 'contig start end'");
        }
        Map<String, List<Interval>> intervals = new HashMap<>();
        lines.forEach((contig, ofContig) -> intervals.put(contig, inOrder(file, ofContig)));
        return intervals;
    }

    private static Interval interval(String place, String line, Map<String, Contig> contigs) {
        String[] columns = line.strip().split("\\s+");
        if (columns.length < 3 || !columns[1].matches("\\d{1,18}") || !columns[2].matches("\\d{1,18}")) {
            throw new InputException(
                    place + ": is '" + line.strip() + "'; a line must be 'contig start end', start and end in bases");
        }
        long start = Long.parseLong(columns[1]);
        long end = Long.parseLong(columns[2]);
        Contig contig = contigs.get(columns[0]);
        if (contig == null) {
            throw new InputException(place + ": there is no contig " + columns[0]
                    + " in the input; name it as in the FASTA header, or remove the line");
        }
        if (start >= end || end > contig.bases()) {
            throw new InputException(place + ": [" + start + ", " + end + ") must hold a base and lie in [0, "
                    + contig.bases() + "), the whole of contig " + columns[0]);
        }
        return new Interval(columns[0], start, end);
    }

    private static List<Interval> inOrder(String file, List<Line> lines) {
        lines.sort(Comparator.comparingLong(line -> line.interval.start()));
        List<Interval> intervals = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (i > 0
                    && lines.get(i).interval.start() < lines.get(i - 1).interval.end()) {
                throw new InputException(file + ":" + lines.get(i).number + ": " + lines.get(i).interval
                        + " overlaps line " + lines.get(i - 1).number + ", " + lines.get(i - 1).interval
                        + "; merge them, as bedtools merge does");
            }
            intervals.add(lines.get(i).interval);
        }
        return intervals;
    }
}

package org.dnallama.dna;

import java.io.ByteArrayOutputStream;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The lines of one segment of a FASTA text, told in runs of equal lines, so that the segments of a file can be scanned
 * apart. A segment starts at the first line that starts in it; only when a line is longer than the reach, it is cut.
 */
public final class LineScan {

    /** How far behind a segment's border the end of a line is looked for; also the longest header. */
    static final int REACH = 1 << 16;

    private static final int CHUNK = 1 << 20;

    private final List<Run> runs = new ArrayList<>();
    private final ByteArrayOutputStream header = new ByteArrayOutputStream();
    private long lineStart;
    private long lineBytes;
    private int blanks;
    private int first;

    private LineScan(long from) {
        this.lineStart = from;
    }

    /**
     * Equal lines that follow each other.
     *
     * @param offset of the first one's first byte in the text
     * @param bases bytes of a line up to its last that is not blank
     * @param ending blanks and line feed after them
     * @param lines how many; 0 if the line goes on in the next segment
     * @param first first byte of the first line; 0 if it is empty
     * @param header a header's text without '&gt;'; empty for other lines
     */
    public record Run(long offset, long bases, int ending, long lines, int first, String header)
            implements Serializable {

        boolean isHeader() {
            return first == '>';
        }

        boolean equalLines(Run next) {
            return lines > 0 && !isHeader() && !next.isHeader() && bases == next.bases && ending == next.ending;
        }
    }

    /**
     * Scans a segment.
     *
     * @param text the whole text
     * @param segment its number, from 0
     * @param segmentBytes bytes of text in a segment
     * @return its runs in order
     */
    static List<Run> of(FastaText text, long segment, long segmentBytes) {
        long from = cut(text, segment * segmentBytes, segmentBytes);
        long to = cut(text, (segment + 1) * segmentBytes, segmentBytes);
        LineScan scan = new LineScan(from);
        for (long start = from; start < to; start += CHUNK) {
            scan.take(text.read(start, Math.min(to, start + CHUNK)));
        }
        if (scan.lineBytes > 0) {
            scan.endLine(to == text.length() ? 1 : 0);
        }
        return scan.runs;
    }

    /** Where the segment that is planned to start at a byte does start; both its neighbours ask. */
    private static long cut(FastaText text, long planned, long segmentBytes) {
        if (planned == 0 || planned >= text.length()) {
            return Math.min(planned, text.length());
        }
        long end = Math.min(text.length(), planned + Math.min(REACH, segmentBytes) - 1);
        byte[] around = text.read(planned - 1, end);
        for (int i = 0; i < around.length; i++) {
            if (around[i] == '\n') {
                return planned + i;
            }
        }
        return planned;
    }

    private void take(byte[] chunk) {
        int start = 0;
        for (int i = 0; i < chunk.length; i++) {
            if (chunk[i] == '\n') {
                extend(chunk, start, i);
                lineBytes++;
                blanks++;
                endLine(1);
                start = i + 1;
            }
        }
        extend(chunk, start, chunk.length);
    }

    private void extend(byte[] chunk, int start, int end) {
        if (start == end) {
            return;
        }
        if (lineBytes == 0) {
            first = chunk[start] & 0xff;
        }
        int last = end;
        while (last > start && Nucleotides.isBlank(chunk[last - 1])) {
            last--;
        }
        blanks = last == start ? blanks + end - start : end - last;
        lineBytes += end - start;
        if (first == '>' && header.size() <= REACH) {
            header.write(chunk, start, end - start);
        }
    }

    private void endLine(int lines) {
        String text = first == '>' ? header.toString(StandardCharsets.UTF_8).substring(1) : "";
        Run run = new Run(lineStart, lineBytes - blanks, blanks, lines, first, text);
        int before = runs.size() - 1;
        if (before >= 0 && lines > 0 && runs.get(before).equalLines(run)) {
            Run same = runs.get(before);
            runs.set(before, new Run(same.offset, same.bases, same.ending, same.lines + 1, same.first, same.header));
        } else {
            runs.add(run);
        }
        lineStart += lineBytes;
        lineBytes = 0;
        blanks = 0;
        first = 0;
        header.reset();
    }
}

package org.dnallama.dna;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/**
 * One pass over a FASTA text that checks each byte and finds where each contig lies. It holds one buffer, never a
 * contig.
 */
final class FastaScan {

    private final String file;
    private final UnknownBytes unknown;
    private final List<Contig> contigs = new ArrayList<>();
    private final Map<String, Long> headerLines = new HashMap<>();
    private final StringBuilder header = new StringBuilder();

    private enum Place {
        LINE_START,
        HEADER,
        BASES,
        AFTER_RETURN
    }

    private Place place = Place.LINE_START;
    private boolean inHeader;
    private long position;
    private long line = 1;

    private String name = "";
    private long bases;
    private long offset;
    private int basesPerLine;
    private int bytesPerLine;
    private int lineBases;
    private boolean shortLineSeen;

    private FastaScan(String file, UnknownBytes unknown) {
        this.file = file;
        this.unknown = unknown;
    }

    /**
     * Scans a text.
     *
     * @param file its name, for messages
     * @param text the uncompressed text
     * @param unknown what to do with bytes that are no nucleotide code
     * @return its contigs in order, at least one, each with at least one base
     * @throws IOException if it cannot be read
     * @throws InputException if it is no FASTA text that an index can describe
     */
    static List<Contig> of(String file, InputStream text, UnknownBytes unknown) throws IOException {
        FastaScan scan = new FastaScan(file, unknown);
        byte[] chunk = new byte[1 << 16];
        for (int n = text.read(chunk); n > 0; n = text.read(chunk)) {
            for (int i = 0; i < n; i++) {
                scan.take(chunk[i] & 0xff);
            }
        }
        return scan.finish();
    }

    private void take(int letter) {
        position++;
        if (letter == '\n') {
            endLine(place == Place.AFTER_RETURN ? 2 : 1);
        } else if (place == Place.AFTER_RETURN) {
            throw error("a carriage return within a line; end lines with LF or CR LF");
        } else if (letter == '\r') {
            place = Place.AFTER_RETURN;
        } else if (inHeader) {
            header.append((char) letter);
        } else if (place == Place.LINE_START && letter == '>') {
            endContig();
            inHeader = true;
            place = Place.HEADER;
        } else {
            takeBase(letter);
        }
    }

    private void takeBase(int letter) {
        place = Place.BASES;
        if (name.isEmpty()) {
            throw error("a FASTA file starts with '>', here stands " + Nucleotides.show(letter)
                    + "; give a FASTA file, plain or compressed by bgzip");
        }
        if (unknown == UnknownBytes.REJECT && !Nucleotides.isCode((byte) letter)) {
            throw error(Nucleotides.show(letter) + " is no nucleotide code (contig " + name + ", position "
                    + (bases + lineBases) + "); set ingest.unknown = n to read it as N");
        }
        lineBases++;
    }

    private void endLine(int terminatorBytes) {
        if (inHeader) {
            startContig();
        } else if (!name.isEmpty()) {
            endBases(terminatorBytes);
        }
        line++;
        place = Place.LINE_START;
    }

    private void endBases(int terminatorBytes) {
        if (bases == 0 && lineBases > 0 && !shortLineSeen) {
            basesPerLine = lineBases;
            bytesPerLine = lineBases + terminatorBytes;
        } else if (lineBases > 0 && (shortLineSeen || lineBases > basesPerLine)) {
            throw error("this line of contig " + name + " has " + lineBases
                    + " bases and does not fit the lines before it (" + basesPerLine
                    + "); an index needs lines of one length, only the last may be shorter: wrap the file anew");
        }
        // Only the last line may differ, and an empty one is as good as the end.
        shortLineSeen |= lineBases + terminatorBytes != bytesPerLine;
        bases += lineBases;
        lineBases = 0;
    }

    private void startContig() {
        inHeader = false;
        String text = new String(header.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        header.setLength(0);
        name = text.split("\\s", 2)[0];
        if (name.isEmpty()) {
            throw error("a contig without a name; write one after '>'");
        }
        Long earlier = headerLines.putIfAbsent(name, line);
        if (earlier != null) {
            throw error("contig " + name + " is there already, at line " + earlier
                    + "; names must be unique: remove or rename one");
        }
        offset = position;
        bases = 0;
        basesPerLine = 0;
        bytesPerLine = 0;
        shortLineSeen = false;
    }

    private void endContig() {
        if (name.isEmpty()) {
            return;
        }
        if (bases == 0) {
            throw new InputException(file + ":" + headerLines.get(name) + ": contig " + name
                    + " has no bases; remove its header, or fetch the file again if it was cut");
        }
        contigs.add(new Contig(name, bases, offset, basesPerLine, bytesPerLine));
    }

    private List<Contig> finish() {
        if (place != Place.LINE_START) {
            endLine(1);
        }
        endContig();
        if (contigs.isEmpty()) {
            throw new InputException(file + ": is empty, at least one contig is needed; check the path");
        }
        return List.copyOf(contigs);
    }

    private InputException error(String message) {
        return new InputException(file + ":" + line + ": " + message);
    }
}

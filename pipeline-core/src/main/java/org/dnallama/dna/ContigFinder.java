package org.dnallama.dna;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;
import org.dnallama.dna.LineScan.Run;

/** Puts the scanned segments of a FASTA text together: where each contig lies. It sees lines, never bases. */
public final class ContigFinder {

    private final String file;
    private final List<Contig> contigs = new ArrayList<>();
    private final Map<String, Long> headerLines = new HashMap<>();
    private long line = 1;

    private long cutOffset = -1;
    private long cutBases;
    private int cutFirst;

    private String name = "";
    private long bases;
    private long offset;
    private long basesPerLine;
    private long bytesPerLine;
    private boolean lastLineSeen;

    private ContigFinder(String file) {
        this.file = file;
    }

    /**
     * Finds the contigs of a file.
     *
     * @param file its name, for messages
     * @param segments the runs of lines of all its segments, in order
     * @return its contigs in order, at least one, each with at least one base
     * @throws InputException if it is no FASTA text that an index can describe
     */
    public static List<Contig> find(String file, List<List<Run>> segments) {
        ContigFinder finder = new ContigFinder(file);
        segments.forEach(segment -> segment.forEach(finder::take));
        finder.endContig();
        if (finder.contigs.isEmpty()) {
            throw new InputException(file + ": has no contig, at least one is needed; check the path");
        }
        return List.copyOf(finder.contigs);
    }

    private void take(Run run) {
        if (run.lines() == 0 || cutOffset >= 0) {
            joinCutLine(run);
            return;
        }
        takeLine(run);
        line++;
        if (run.lines() > 1) {
            takeLine(run);
            bases += (run.lines() - 2) * run.bases();
            line += run.lines() - 1;
        }
    }

    // The pieces of a line that is longer than the reach of a scan.
    private void joinCutLine(Run run) {
        if (run.lines() == 0 && run.isHeader() && cutOffset < 0) {
            throw error("a header of more than " + LineScan.REACH + " bytes; shorten it");
        }
        if (cutOffset < 0) {
            cutOffset = run.offset();
            cutBases = 0;
            cutFirst = run.first();
        }
        if (run.lines() == 0) {
            cutBases += run.bases() + run.ending();
            return;
        }
        Run whole = new Run(cutOffset, cutBases + run.bases(), run.ending(), 1, cutFirst, "");
        cutOffset = -1;
        take(whole);
        if (run.lines() > 1) {
            take(new Run(
                    run.offset() + run.bases() + run.ending(),
                    run.bases(),
                    run.ending(),
                    run.lines() - 1,
                    run.first(),
                    ""));
        }
    }

    private void takeLine(Run run) {
        if (run.isHeader()) {
            endContig();
            startContig(run);
        } else if (run.bases() > 0) {
            takeBases(run);
        } else if (bases > 0) {
            lastLineSeen = true;
        }
    }

    private void takeBases(Run run) {
        if (name.isEmpty()) {
            throw error("a FASTA file starts with '>', here stands " + Nucleotides.show(run.first())
                    + "; give a FASTA file, plain or compressed by bgzip");
        }
        if (run.ending() > Contig.LONGEST_ENDING) {
            throw error("this line of contig " + name + " has " + run.ending() + " blanks behind its bases, at most "
                    + Contig.LONGEST_ENDING + " are allowed; remove them");
        }
        if (bases == 0) {
            offset = run.offset();
            basesPerLine = run.bases();
            // A line that the end of the file ends would have a line feed if another one followed.
            bytesPerLine = run.bases() + Math.max(1, run.ending());
        } else if (lastLineSeen || run.bases() > basesPerLine) {
            throw error("this line of contig " + name + " has " + run.bases()
                    + " bases and does not fit the lines before it (" + basesPerLine
                    + " bases, all ended alike, no blank line between); only the last may be shorter:"
                    + " wrap the file anew, as seqtk seq -l 60 does");
        }
        lastLineSeen |= run.bases() + run.ending() != bytesPerLine || run.bases() != basesPerLine;
        bases += run.bases();
    }

    private void startContig(Run run) {
        name = run.header().split("\\s", 2)[0];
        if (name.isEmpty()) {
            throw error("a contig without a name; write one right after '>'");
        }
        Long earlier = headerLines.putIfAbsent(name, line);
        if (earlier != null) {
            throw error("contig " + name + " is there already, at line " + earlier
                    + "; names must be unique: remove or rename one");
        }
        bases = 0;
        lastLineSeen = false;
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

    private InputException error(String message) {
        return new InputException(file + ":" + line + ": " + message);
    }
}

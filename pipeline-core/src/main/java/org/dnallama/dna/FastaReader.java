package org.dnallama.dna;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dnallama.config.InputException;

/**
 * Random access to the bases of one FASTA file. What it reads it checks: each base, that lines end where the index says
 * so, and the headers between contigs. Not for use by several threads.
 */
public final class FastaReader implements Closeable {

    // Between the last base of a contig and the first of the next there is one header, and maybe blank lines.
    private static final int LONGEST_BORDER = 1 << 20;
    private static final String OWN_HEADER = ">(?<name>\\S+)[^\n]*\n\\s*";
    private static final Pattern FIRST_HEADER = Pattern.compile("\\s*" + OWN_HEADER);
    private static final Pattern HEADER = Pattern.compile("[ \t\r]*\n\\s*" + OWN_HEADER);
    private static final Pattern END = Pattern.compile("[ \t\r]*(\n\\s*)?");

    private final FastaSource source;
    private final FastaText text;

    private FastaReader(FastaSource source, FastaText text) {
        this.source = source;
        this.text = text;
    }

    /**
     * Opens a file.
     *
     * @param files where it lies
     * @param source the file
     * @return a reader, to be closed by the caller
     * @throws InputException if it cannot be read any more
     */
    public static FastaReader open(GenomeFiles files, FastaSource source) {
        return new FastaReader(source, FastaText.open(files, source.file()));
    }

    /**
     * Reads an interval.
     *
     * @param contig a contig of the file
     * @param interval within it; not empty
     * @param unknown what to do with bytes that are no nucleotide code
     * @return its bases
     * @throws InputException if the file cannot be read, holds a byte that it must not, or its index does not fit
     */
    public Stretch read(Contig contig, Interval interval, UnknownBytes unknown) {
        byte[] lines = text.read(contig.byteOf(interval.start()), contig.byteOf(interval.end() - 1) + 1);
        byte[] letters = new byte[Math.toIntExact(interval.lengthBases())];
        long column = interval.start() % contig.basesPerLine();
        int from = 0;
        for (int to = 0; to < letters.length; column = 0) {
            int bases = (int) Math.min(contig.basesPerLine() - column, letters.length - to);
            System.arraycopy(lines, from, letters, to, bases);
            to += bases;
            from += bases;
            if (to < letters.length) {
                int ending = Math.toIntExact(contig.bytesPerLine() - contig.basesPerLine());
                checkLineEnd(contig, lines, from, ending, interval.start() + to);
                from += ending;
            }
        }
        checkLetters(contig, interval, letters, unknown);
        return Stretch.of(interval, letters);
    }

    private void checkLineEnd(Contig contig, byte[] lines, int from, int length, long position) {
        for (int i = from; i < from + length; i++) {
            if (i == from + length - 1 ? lines[i] != '\n' : !Nucleotides.isBlank(lines[i])) {
                throw misfit("behind base " + position + " of contig " + contig.name() + " a line should end, but "
                        + Nucleotides.show(lines[i] & 0xff) + " stands there");
            }
        }
    }

    private void checkLetters(Contig contig, Interval interval, byte[] letters, UnknownBytes unknown) {
        for (int i = 0; i < letters.length; i++) {
            if (Nucleotides.isCode(letters[i])) {
                continue;
            }
            long position = interval.start() + i;
            if (letters[i] == '\n') {
                throw misfit("a line ends before base " + position + " of contig " + contig.name());
            }
            boolean blank = Nucleotides.isBlank(letters[i]);
            if (blank || unknown == UnknownBytes.REJECT) {
                throw new InputException(source.name() + ": " + Nucleotides.show(letters[i] & 0xff)
                        + " is no nucleotide code (contig " + contig.name() + ", position " + position + ", line "
                        + (position / contig.basesPerLine() + 1) + " below its header, byte "
                        + contig.byteOf(position) + " of the text); "
                        + (blank ? "remove white space within lines" : "set ingest.unknown = n to read it as N"));
            }
        }
    }

    /**
     * Checks what stands before and behind a contig: its header, and the next header or the end of the file.
     *
     * @param number of the contig in the file, from 0
     * @throws InputException if the index does not fit the file
     */
    public void checkBorders(int number) {
        checkBorder(number);
        checkBorder(number + 1);
    }

    private void checkBorder(int number) {
        List<Contig> contigs = source.contigs();
        long start = number == 0 ? 0 : contigs.get(number - 1).endByte();
        boolean last = number == contigs.size();
        long end = last ? text.length() : contigs.get(number).offset();
        String where = last
                ? "behind the last contig, " + contigs.get(number - 1).name() + ","
                : "before contig " + contigs.get(number).name();
        if (end - start > LONGEST_BORDER) {
            throw misfit(where + " stand " + (end - start) + " bytes that are in no contig");
        }
        String found = new String(text.read(start, end), StandardCharsets.UTF_8);
        Matcher border = (last ? END : number == 0 ? FIRST_HEADER : HEADER).matcher(found);
        if (!border.matches()
                || (!last && !border.group("name").equals(contigs.get(number).name()))) {
            String shown = found.strip();
            throw misfit(where + " stands '" + shown.substring(0, Math.min(60, shown.length()))
                    + "', not its header or the end");
        }
    }

    private InputException misfit(String what) {
        return Indexes.misfit(source.file().path() + ".fai", source.file(), what);
    }

    @Override
    public void close() throws IOException {
        text.close();
    }
}

package org.dnallama.dna;

import java.nio.charset.StandardCharsets;
import org.dnallama.config.Seeds;

/** The bases of an interval: upper-case codes, and which of them were soft-masked. */
public final class Stretch {

    private final Interval interval;
    private final byte[] codes;
    // How many bases before each one are soft-masked.
    private final int[] maskedBefore;

    private Stretch(Interval interval, byte[] codes, int[] maskedBefore) {
        this.interval = interval;
        this.codes = codes;
        this.maskedBefore = maskedBefore;
    }

    /**
     * From letters as they stand in a file.
     *
     * @param interval where they lie
     * @param letters one byte a base, either case; those that are no code become N
     * @return the bases
     * @throws IllegalArgumentException if there are not as many letters as bases in the interval
     */
    public static Stretch of(Interval interval, byte[] letters) {
        if (letters.length != interval.lengthBases()) {
            throw new IllegalArgumentException(interval + ": " + letters.length + " letters do not fit");
        }
        byte[] codes = new byte[letters.length];
        int[] maskedBefore = new int[letters.length + 1];
        for (int i = 0; i < letters.length; i++) {
            codes[i] = Nucleotides.upper(letters[i]);
            maskedBefore[i + 1] = maskedBefore[i] + (Nucleotides.isSoftMasked(letters[i]) ? 1 : 0);
        }
        return new Stretch(interval, codes, maskedBefore);
    }

    /**
     * The same bases under a rule for ambiguity codes.
     *
     * @param ambiguity the rule
     * @param seeds of the run
     * @return a stretch of the same interval
     */
    public Stretch with(Ambiguity ambiguity, Seeds seeds) {
        if (ambiguity == Ambiguity.KEEP) {
            return this;
        }
        byte[] read = codes.clone();
        for (int i = 0; i < read.length; i++) {
            read[i] = ambiguity.read(read[i], seeds, interval.contig(), interval.start() + i);
        }
        return new Stretch(interval, read, maskedBefore);
    }

    /**
     * Where it lies.
     *
     * @return the interval
     */
    public Interval interval() {
        return interval;
    }

    /**
     * One base.
     *
     * @param position on the contig, within the interval
     * @return its upper-case code
     */
    public byte code(long position) {
        return codes[Math.toIntExact(position - interval.start())];
    }

    /**
     * Looks for N.
     *
     * @param start first position on the contig
     * @param end position after the last
     * @return the first position in [start, end) that is N, else end
     */
    long nextN(long start, long end) {
        int from = Math.toIntExact(start - interval.start());
        int to = Math.toIntExact(end - interval.start());
        while (from < to && codes[from] != 'N') {
            from++;
        }
        return interval.start() + from;
    }

    /**
     * Counts N.
     *
     * @param part within the interval
     * @return how many of its bases are N
     */
    public long countN(Interval part) {
        long count = 0;
        for (long position = part.start(); position < part.end(); position++) {
            count += code(position) == 'N' ? 1 : 0;
        }
        return count;
    }

    /**
     * Some bases.
     *
     * @param part within the interval
     * @return their upper-case codes
     */
    public String text(Interval part) {
        return new String(
                codes,
                Math.toIntExact(part.start() - interval.start()),
                Math.toIntExact(part.lengthBases()),
                StandardCharsets.US_ASCII);
    }

    /**
     * How much is soft-masked.
     *
     * @param start first position on the contig
     * @param bases how many
     * @return the fraction of them that is lower case, in [0, 1]; 0 of none
     */
    public float softMaskedFraction(long start, int bases) {
        if (bases == 0) {
            return 0;
        }
        int first = Math.toIntExact(start - interval.start());
        return (float) (maskedBefore[first + bases] - maskedBefore[first]) / bases;
    }
}

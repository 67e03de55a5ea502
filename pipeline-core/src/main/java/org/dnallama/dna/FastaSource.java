package org.dnallama.dna;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.dnallama.config.InputException;

/**
 * A FASTA file with all that is needed to read any part of it; small and serializable, so that tasks on other machines
 * read their ranges without an index file. The file itself must be readable there under the same path.
 *
 * @param name the file as the user knows it, for messages
 * @param file where its bytes are
 * @param contigs what it holds, in order
 */
public record FastaSource(String name, InputFile file, List<Contig> contigs) implements Serializable {

    /** Bytes of text in a segment, the part of a file that one task scans for contigs. */
    public static final long SEGMENT_BYTES = 1L << 26;

    /**
     * Opens a file, with its indexes if there are any. Missing ones are built and written beside it, or kept in memory
     * only when that folder cannot be written.
     *
     * @param files where it lies
     * @param path plain FASTA, or compressed by bgzip
     * @return the file, ready to be read
     * @throws InputException if it is missing, empty, cut, no FASTA, or an index beside it does not fit
     */
    public static FastaSource open(GenomeFiles files, String path) {
        InputFile file = InputFile.read(files, path);
        if (file.format() == InputFile.Format.GZIP) {
            throw new InputException(path + ": is gzip but not bgzip, so its parts cannot be read apart;"
                    + " decompress it, or compress it again with bgzip");
        }
        List<Contig> contigs = Indexes.contigs(files, file).orElseGet(() -> index(files, file, SEGMENT_BYTES));
        return of(files, path, file, contigs);
    }

    /**
     * Joins what is known of a file.
     *
     * @param files where it lies
     * @param name as the user knows it
     * @param file plain or bgzip
     * @param contigs what it holds
     * @return the file, ready to be read
     * @throws InputException if its {@code .gzi} or {@code .dict} does not fit
     */
    public static FastaSource of(GenomeFiles files, String name, InputFile file, List<Contig> contigs) {
        if (file.format() == InputFile.Format.BGZIP) {
            Indexes.checkOrWriteBlocks(files, file);
        }
        Indexes.checkDictionary(files, file, contigs);
        return new FastaSource(name, file, contigs);
    }

    private static List<Contig> index(GenomeFiles files, InputFile file, long segmentBytes) {
        List<List<LineScan.Run>> segments = new ArrayList<>();
        for (long segment = 0; segment < segments(file, segmentBytes); segment++) {
            segments.add(scan(files, file, segment, segmentBytes));
        }
        List<Contig> contigs = ContigFinder.find(file.path(), segments);
        Indexes.write(files, file, contigs);
        return contigs;
    }

    /**
     * How many segments a file has.
     *
     * @param file plain or bgzip
     * @param segmentBytes bytes of text in a segment
     * @return at least 1
     */
    public static long segments(InputFile file, long segmentBytes) {
        return Math.max(1, (file.textLength() + segmentBytes - 1) / segmentBytes);
    }

    /**
     * Scans one segment for its lines, for {@link ContigFinder}.
     *
     * @param files where the file lies
     * @param file plain or bgzip
     * @param segment its number, from 0
     * @param segmentBytes bytes of text in a segment
     * @return its lines
     * @throws InputException if it cannot be read
     */
    public static List<LineScan.Run> scan(GenomeFiles files, InputFile file, long segment, long segmentBytes) {
        try (FastaText text = FastaText.open(files, file)) {
            return LineScan.of(text, segment, segmentBytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Checks that contigs can be told apart by name.
     *
     * @param sources several files
     * @throws InputException if two files hold a contig of the same name
     */
    public static void requireDistinctContigs(List<FastaSource> sources) {
        Map<String, String> homes = new HashMap<>();
        for (FastaSource source : sources) {
            for (Contig contig : source.contigs) {
                String other = homes.putIfAbsent(contig.name(), source.name);
                if (other != null) {
                    throw new InputException(source.name + ": contig " + contig.name() + " is there already, in "
                            + other + "; names must be unique over all files: remove or rename one");
                }
            }
        }
    }
}

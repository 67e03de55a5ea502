package org.dnallama.dna;

import htsjdk.samtools.SAMException;
import htsjdk.samtools.util.BlockCompressedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.dnallama.config.InputException;

/**
 * A checked FASTA file with all that is needed to read any part of it; small and serializable, so that tasks on other
 * machines read their ranges without an index file. The file itself must be readable there under the same path.
 *
 * @param path the file
 * @param contigs what it holds, in order
 * @param blocks the {@code .gzi} index of a bgzip file; empty for plain text
 */
public record FastaSource(String path, List<Contig> contigs, Blocks blocks) implements Serializable {

    /**
     * Checks a whole file and its indexes. Missing indexes are written beside the file, or kept in memory only when
     * that folder cannot be written.
     *
     * @param path plain FASTA, or compressed by bgzip
     * @param unknown what to do with bytes that are no nucleotide code
     * @return the file, ready to be read
     * @throws InputException if it is missing, empty, cut, no FASTA, or an index beside it does not fit
     */
    public static FastaSource check(String path, UnknownBytes unknown) {
        Path file = Path.of(path);
        if (!Files.isRegularFile(file)) {
            throw new InputException(path + ": no such file; check ingest.fasta");
        }
        try {
            if (Files.size(file) == 0) {
                throw new InputException(path + ": is empty, at least one contig is needed; fetch the file again");
            }
            Optional<Blocks> blocks = Blocks.ofFile(file);
            List<Contig> contigs;
            try (InputStream text = blocks.isPresent() ? decompressed(file) : Files.newInputStream(file)) {
                contigs = FastaScan.of(path, text, unknown);
            }
            Indexes.checkOrWrite(file, contigs);
            FastaSource source = new FastaSource(path, contigs, blocks.orElse(Blocks.NONE));
            // Opening finds what only htsjdk looks at, such as a .dict file beside that names other contigs.
            FastaReader.open(source).close();
            return source;
        } catch (IOException | SAMException e) {
            throw new InputException(path + ": cannot be read: " + e.getMessage() + "; fetch the file again", e);
        }
    }

    private static InputStream decompressed(Path file) throws IOException {
        BlockCompressedInputStream text = new BlockCompressedInputStream(file);
        text.setCheckCrcs(true);
        return text;
    }

    /**
     * Checks several files.
     *
     * @param paths at least one
     * @param unknown what to do with bytes that are no nucleotide code
     * @return the files in the same order
     * @throws InputException as {@link #check(String, UnknownBytes)}, or if two files hold the same contig
     */
    public static List<FastaSource> checkAll(List<String> paths, UnknownBytes unknown) {
        List<FastaSource> sources =
                paths.stream().map(path -> check(path, unknown)).toList();
        Map<String, String> homes = new HashMap<>();
        for (FastaSource source : sources) {
            for (Contig contig : source.contigs) {
                String other = homes.putIfAbsent(contig.name(), source.path);
                if (other != null) {
                    throw new InputException(source.path + ": contig " + contig.name() + " is there already, in "
                            + other + "; names must be unique over all files: remove or rename one");
                }
            }
        }
        return sources;
    }
}

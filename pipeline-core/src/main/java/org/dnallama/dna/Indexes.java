package org.dnallama.dna;

import htsjdk.samtools.SAMException;
import htsjdk.samtools.reference.FastaSequenceIndex;
import htsjdk.samtools.reference.FastaSequenceIndexEntry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.dnallama.config.InputException;
import org.jspecify.annotations.Nullable;

/** Index files beside a FASTA file. */
final class Indexes {

    private Indexes() {}

    /** Writes an index to a place. */
    interface Writer {
        void writeTo(Path place) throws IOException;
    }

    static Path beside(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    /**
     * Checks {@code .fai} against what the file holds, or writes it when missing.
     *
     * @param file the FASTA file
     * @param contigs what it holds
     * @throws InputException if the index says otherwise
     */
    static void checkOrWrite(Path file, List<Contig> contigs) {
        Path index = beside(file, ".fai");
        if (!Files.exists(index)) {
            tryWrite(index, place -> Files.writeString(place, fai(contigs)));
            return;
        }
        List<Contig> given = read(index, file);
        if (given.size() != contigs.size()) {
            throw misfit(index, file, "it lists " + given.size() + " contigs, the file has " + contigs.size(), null);
        }
        for (int i = 0; i < given.size(); i++) {
            if (!contigs.get(i).agreesWith(given.get(i))) {
                throw misfit(
                        index, file, "it says " + show(given.get(i)) + ", the file has " + show(contigs.get(i)), null);
            }
        }
    }

    private static List<Contig> read(Path index, Path file) {
        try {
            List<Contig> given = new ArrayList<>();
            for (FastaSequenceIndexEntry entry : new FastaSequenceIndex(index)) {
                given.add(new Contig(
                        entry.getContig(),
                        entry.getSize(),
                        entry.getLocation(),
                        entry.getBasesPerLine(),
                        entry.getBytesPerLine()));
            }
            return given;
        } catch (SAMException | NumberFormatException e) {
            throw misfit(index, file, "it cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String show(Contig contig) {
        return contig.name() + " with " + contig.bases() + " bases at offset " + contig.offset() + " in lines of "
                + contig.basesPerLine();
    }

    private static String fai(List<Contig> contigs) {
        StringBuilder text = new StringBuilder();
        contigs.forEach(contig -> text.append(contig.faiLine()));
        return text.toString();
    }

    static FastaSequenceIndex inMemory(List<Contig> contigs) {
        return new FastaSequenceIndex(new ByteArrayInputStream(fai(contigs).getBytes(StandardCharsets.UTF_8)));
    }

    // An index that cannot be kept is no error: it is in memory as well. It appears whole or not at all.
    static void tryWrite(Path index, Writer writer) {
        Path draft = index.resolveSibling(
                "." + index.getFileName() + "." + ProcessHandle.current().pid());
        try {
            writer.writeTo(draft);
            Files.move(draft, index, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | SAMException e) {
            draft.toFile().delete();
        }
    }

    static InputException misfit(Path index, Path file, String what, @Nullable Throwable cause) {
        String message =
                index + ": does not fit " + file.getFileName() + ": " + what + "; delete the index, it is built anew";
        return cause == null ? new InputException(message) : new InputException(message, cause);
    }
}

package org.dnallama.dna;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dnallama.config.InputException;

/**
 * Index files beside a FASTA file. Their times do not matter, since copies have any: what they say is checked against
 * the file, here as far as its size and blocks tell, and by the tasks that read it as far as bases and headers tell.
 */
public final class Indexes {

    private static final int FAI_COLUMNS = 5;

    private Indexes() {}

    /**
     * Reads {@code .fai}.
     *
     * @param files where the file lies
     * @param file plain or bgzip
     * @return its contigs, as the index says; empty if there is no index
     * @throws InputException if the index cannot belong to the file
     */
    public static Optional<List<Contig>> contigs(GenomeFiles files, InputFile file) {
        String index = file.path() + ".fai";
        try {
            if (!files.exists(index)) {
                return Optional.empty();
            }
            String text = new String(files.readAll(index), StandardCharsets.UTF_8);
            List<Contig> contigs = new ArrayList<>();
            Set<String> names = new HashSet<>();
            long end = 0;
            for (String line : text.split("\n")) {
                Contig contig = contig(line, file)
                        .orElseThrow(() -> misfit(index, file, "line " + (contigs.size() + 1) + " is '" + line + "'"));
                if (contig.offset() <= end || !names.add(contig.name())) {
                    throw misfit(
                            index,
                            file,
                            "contig " + contig.name() + " in line " + (contigs.size() + 1)
                                    + " does not come after the one before, or is named twice");
                }
                end = contig.endByte();
                contigs.add(contig);
            }
            return Optional.of(List.copyOf(contigs));
        } catch (IOException e) {
            throw new InputException(index + ": cannot be read: " + e.getMessage(), e);
        }
    }

    // Empty if the columns are not as they must be, or point outside of the file.
    private static Optional<Contig> contig(String line, InputFile file) {
        String[] columns = line.strip().split("\t");
        if (columns.length != FAI_COLUMNS || columns[0].isEmpty()) {
            return Optional.empty();
        }
        try {
            Contig contig = new Contig(
                    columns[0],
                    Long.parseLong(columns[1]),
                    Long.parseLong(columns[2]),
                    Long.parseLong(columns[3]),
                    Long.parseLong(columns[4]));
            boolean possible = contig.bases() > 0
                    && contig.offset() > 0
                    && contig.basesPerLine() > 0
                    && contig.bytesPerLine() >= contig.basesPerLine()
                    && contig.bytesPerLine() - contig.basesPerLine() <= Contig.LONGEST_ENDING
                    && (contig.bytesPerLine() > contig.basesPerLine() || contig.bases() <= contig.basesPerLine())
                    && contig.offset() < file.textLength()
                    && contig.bases() <= file.textLength()
                    && Math.multiplyExact((contig.bases() - 1) / contig.basesPerLine(), contig.bytesPerLine())
                            <= file.textLength()
                    && contig.endByte() <= file.textLength();
            return possible ? Optional.of(contig) : Optional.empty();
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    /**
     * Writes {@code .fai}; does nothing if the folder cannot be written, as the index is in memory too.
     *
     * @param files where the file lies
     * @param file the file
     * @param contigs what it holds
     */
    public static void write(GenomeFiles files, InputFile file, List<Contig> contigs) {
        StringBuilder text = new StringBuilder();
        for (Contig contig : contigs) {
            text.append(contig.name())
                    .append('\t')
                    .append(contig.bases())
                    .append('\t')
                    .append(contig.offset())
                    .append('\t')
                    .append(contig.basesPerLine())
                    .append('\t')
                    .append(contig.bytesPerLine())
                    .append('\n');
        }
        tryWrite(files, file.path() + ".fai", text.toString().getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Checks {@code .gzi} against the blocks of the file, or writes it when missing.
     *
     * @param files where the file lies
     * @param file bgzip
     * @throws InputException if the index says otherwise
     */
    public static void checkOrWriteBlocks(GenomeFiles files, InputFile file) {
        String index = file.path() + ".gzi";
        try {
            if (!files.exists(index)) {
                tryWrite(files, index, file.blocks().toGzi());
                return;
            }
            String wrong = file.blocks().misfitOf(files.readAll(index));
            if (!wrong.isEmpty()) {
                throw misfit(index, file, wrong);
            }
        } catch (IOException e) {
            throw new InputException(index + ": cannot be read: " + e.getMessage(), e);
        }
    }

    /**
     * Checks a sequence dictionary beside the file, {@code x.dict} or {@code x.fa.dict} for {@code x.fa}, if any.
     *
     * @param files where the file lies
     * @param file the file
     * @param contigs what it holds
     * @throws InputException if the dictionary names other contigs or lengths
     */
    public static void checkDictionary(GenomeFiles files, InputFile file, List<Contig> contigs) {
        String bare = file.path().replaceFirst("\\.(fa|fasta|fna)(\\.(gz|bgz))?$", "");
        for (String dictionary : List.of(bare + ".dict", file.path() + ".dict")) {
            try {
                if (files.exists(dictionary)) {
                    compare(dictionary, file, contigs, new String(files.readAll(dictionary), StandardCharsets.UTF_8));
                }
            } catch (IOException e) {
                throw new InputException(dictionary + ": cannot be read: " + e.getMessage(), e);
            }
        }
    }

    private static void compare(String dictionary, InputFile file, List<Contig> contigs, String text) {
        Map<String, String> lengths = new HashMap<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("@SQ\t")) {
                lengths.put(field(line, "SN:"), field(line, "LN:"));
            }
        }
        for (Contig contig : contigs) {
            String length = lengths.remove(contig.name());
            if (length == null || !length.equals(String.valueOf(contig.bases()))) {
                throw misfit(
                        dictionary,
                        file,
                        "the file has " + contig.name() + " with " + contig.bases() + " bases, it says "
                                + (length == null ? "nothing of it" : length));
            }
        }
        if (!lengths.isEmpty()) {
            throw misfit(
                    dictionary,
                    file,
                    "it names " + lengths.keySet().stream().sorted().findFirst().orElse("")
                            + ", which the file has not");
        }
    }

    private static String field(String line, String tag) {
        for (String field : line.strip().split("\t")) {
            if (field.startsWith(tag)) {
                return field.substring(tag.length());
            }
        }
        return "";
    }

    private static void tryWrite(GenomeFiles files, String index, byte[] content) {
        try {
            files.write(index, content);
        } catch (IOException e) {
            // A folder of inputs may be read-only; the next run builds the index again.
            return;
        }
    }

    /** Two files contradict each other. */
    static InputException misfit(String index, InputFile file, String what) {
        return new InputException(
                index + ": does not fit " + file.path().substring(file.path().lastIndexOf('/') + 1) + ": " + what
                        + "; delete it if the FASTA file is right: .fai and .gzi are built anew");
    }
}

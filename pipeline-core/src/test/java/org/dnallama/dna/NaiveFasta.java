package org.dnallama.dna;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** FASTA read as simply as can be: all in memory, line by line, no index. The twin of the readers. */
final class NaiveFasta {

    private NaiveFasta() {}

    /** Upper-case codes of each contig, U read as T and what is no code as N. */
    static Map<String, String> parse(byte[] text) {
        Map<String, StringBuilder> contigs = new LinkedHashMap<>();
        StringBuilder current = new StringBuilder();
        for (String line : new String(text, ISO_8859_1).split("\n")) {
            String stripped = line.replaceFirst("[ \t\r]+$", "");
            if (stripped.startsWith(">")) {
                current = new StringBuilder();
                String header = new String(stripped.substring(1).getBytes(ISO_8859_1), UTF_8);
                contigs.put(header.split("\\s", 2)[0], current);
            } else {
                current.append(stripped);
            }
        }
        Map<String, String> sequences = new LinkedHashMap<>();
        contigs.forEach((name, letters) -> sequences.put(name, codes(letters)));
        return sequences;
    }

    private static String codes(StringBuilder letters) {
        return letters.chars()
                .map(letter -> {
                    int upper = letter >= 'a' && letter <= 'z' ? letter - 'a' + 'A' : letter;
                    return upper == 'U' ? 'T' : "ACGTRYSWKMBDHV".indexOf(upper) >= 0 ? upper : 'N';
                })
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    /** The same by the readers under test: borders checked, each contig read in pieces. */
    static Map<String, String> read(GenomeFiles files, FastaSource source, int pieceBases) throws IOException {
        Map<String, String> sequences = new LinkedHashMap<>();
        try (FastaReader reader = FastaReader.open(files, source)) {
            List<Contig> contigs = new ArrayList<>(source.contigs());
            for (int i = 0; i < contigs.size(); i++) {
                Contig contig = contigs.get(i);
                reader.checkBorders(i);
                StringBuilder text = new StringBuilder();
                for (long start = 0; start < contig.bases(); start += pieceBases) {
                    Interval piece = new Interval(contig.name(), start, Math.min(contig.bases(), start + pieceBases));
                    text.append(reader.read(contig, piece, UnknownBytes.N).text(piece));
                }
                sequences.put(contig.name(), text.toString());
            }
        }
        return sequences;
    }
}

package org.dnallama.dna;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dnallama.config.InputException;
import org.dnallama.config.Seeds;
import org.junit.jupiter.api.Test;

/** The rules of docs/shards.md for what a FASTA file may hold, one test each. */
class FastaRulesTest {

    private static Map<String, String> read(String text) throws IOException {
        MemoryFiles files = new MemoryFiles().put("x.fa", text.getBytes(US_ASCII));
        Map<String, String> found = NaiveFasta.read(files, FastaSource.open(files, "x.fa"), 3);
        // The index that was written on the way finds the same.
        assertThat(NaiveFasta.read(files, FastaSource.open(files, "x.fa"), 5)).isEqualTo(found);
        assertThat(found).isEqualTo(NaiveFasta.parse(text.getBytes(US_ASCII)));
        return found;
    }

    private static void assertRefused(ThrowingCallable action, String... parts) {
        assertThatThrownBy(action).isInstanceOf(InputException.class).hasMessageContainingAll(parts);
    }

    @Test
    void linesMayEndWithReturnAndLineFeed() throws IOException {
        assertThat(read(">a\r\nACGT\r\nAC\r\n>b\r\nGG\r\n"))
                .containsEntry("a", "ACGTAC")
                .containsEntry("b", "GG");
        assertRefused(() -> read(">a\nACGT\r\nACGT\nAC\n"), "x.fa:4: ", "all ended alike");
    }

    @Test
    void blankLinesMayStandBetweenContigs() throws IOException {
        assertThat(read("\n>a\n\nACGT\nAC\n\n\n>b\nGG\n\n"))
                .containsEntry("a", "ACGTAC")
                .containsEntry("b", "GG");
        assertRefused(() -> read(">a\nACGT\n\nAC\n"), "x.fa:4: ", "no blank line between", "seqtk seq");
    }

    @Test
    void blanksMayStandBehindBasesIfEachLineHasThem() throws IOException {
        assertThat(read(">a  \nACGT \t\nACGT \t\nA\n")).containsEntry("a", "ACGTACGTA");
        assertRefused(() -> read(">a\nACGT \nACGT\nAC\n"), "x.fa:4: ");
        assertRefused(() -> read(">a\nACGT" + " ".repeat(20) + "\nAC\n"), "x.fa:2: ", "21 blanks");
        assertRefused(() -> read(">a\nAC GT\n"), "byte 0x20 is no nucleotide code", "remove white space");
    }

    @Test
    void aContigMayBeOneLongLine() throws IOException {
        String bases = "ACGTTGCA".repeat(30_000);
        assertThat(read(">a\n" + bases + "\n>b\nAC")).containsEntry("a", bases).containsEntry("b", "AC");
    }

    @Test
    void allCodesAreReadInBothCases() throws IOException {
        assertThat(read(">a\nACGTRYSWKMBDHVNacgtryswkmbdhvnUu\n"))
                .containsEntry("a", "ACGTRYSWKMBDHVNACGTRYSWKMBDHVNTT");
    }

    @Test
    void starAndHyphenAreNoCodes() throws IOException {
        for (String bad : List.of("*", "-", "J", ".", "1")) {
            MemoryFiles files = new MemoryFiles().put("x.fa", (">a\nAC" + bad + "GT\n").getBytes(US_ASCII));
            FastaSource source = FastaSource.open(files, "x.fa");
            Interval all = new Interval("a", 0, 5);
            try (FastaReader reader = FastaReader.open(files, source)) {
                assertRefused(
                        () -> reader.read(source.contigs().get(0), all, UnknownBytes.REJECT),
                        "x.fa: '" + bad + "' is no nucleotide code (contig a, position 2, line 1 below its header,"
                                + " byte 5 of the text); set ingest.unknown = n");
                assertThat(reader.read(source.contigs().get(0), all, UnknownBytes.N)
                                .text(all))
                        .isEqualTo("ACNGT");
            }
        }
    }

    @Test
    void complementsKeepTheMeaningOfEachCode() {
        // Cornish-Bowden 1985, table 1: R and Y, K and M, B and V, D and H are each other's; S, W and N their own.
        assertThat(Nucleotides.reverseComplement("ACGTRYKMBVDHSWN")).isEqualTo("NWSDHBVKMRYACGT");
    }

    @Test
    void segmentsThatAreScannedApartGiveTheSameContigs() throws IOException {
        StringBuilder text = new StringBuilder("\n\n>first one\nACGTACGT\nACGTACGT\nACG\n");
        text.append(">long\r\n").append("ACGT".repeat(200)).append("\r\n\r\n>c\nA\n>d d\n");
        text.append(("G".repeat(7) + " \n").repeat(40)).append("GG\n\n\n>e\nTTTT");
        MemoryFiles files = new MemoryFiles()
                .put("x.fa", text.toString().getBytes(US_ASCII))
                .put("x.fa.gz", bgzip(text.toString().getBytes(US_ASCII)));
        for (String name : List.of("x.fa", "x.fa.gz")) {
            InputFile file = InputFile.read(files, name);
            List<Contig> whole = find(files, file, text.length());
            assertThat(whole).hasSize(5);
            for (int segmentBytes = 10; segmentBytes < 200; segmentBytes += 7) {
                assertThat(find(files, file, segmentBytes))
                        .as("segments of %d", segmentBytes)
                        .isEqualTo(whole);
            }
        }
    }

    private static List<Contig> find(GenomeFiles files, InputFile file, long segmentBytes) {
        List<List<LineScan.Run>> segments = new ArrayList<>();
        for (long i = 0; i < FastaSource.segments(file, segmentBytes); i++) {
            segments.add(FastaSource.scan(files, file, i, segmentBytes));
        }
        return ContigFinder.find(file.path(), segments);
    }

    static byte[] bgzip(byte[] text) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new BlockCompressedOutputStream(bytes, (File) null)) {
            // Blocks of any length, as a flush ends one.
            for (int i = 0; i < text.length; i += 100) {
                out.write(text, i, Math.min(100, text.length - i));
                out.flush();
            }
        }
        return bytes.toByteArray();
    }

    @Test
    void ambiguityIsKeptReadAsNOrResolved() {
        Interval all = new Interval("a", 0, 1000);
        Stretch stretch =
                Stretch.of(all, "ACGTRN".repeat(167).substring(0, 1000).getBytes(US_ASCII));
        Seeds seeds = new Seeds(3);
        assertThat(stretch.with(Ambiguity.KEEP, seeds).text(all)).isEqualTo(stretch.text(all));
        assertThat(stretch.with(Ambiguity.N, seeds).text(all))
                .isEqualTo(stretch.text(all).replace('R', 'N'));
        String resolved = stretch.with(Ambiguity.RESOLVE, seeds).text(all);
        long asA = 0;
        for (int i = 0; i < 1000; i++) {
            char before = stretch.text(all).charAt(i);
            assertThat(before == 'R' ? "AG" : String.valueOf(before)).contains(String.valueOf(resolved.charAt(i)));
            asA += before == 'R' && resolved.charAt(i) == 'A' ? 1 : 0;
        }
        // 83.5 of 167 expected; five standard deviations are 5 * sqrt(167) / 2 = 32.
        assertThat(asA).isBetween(51L, 116L);
        Stretch part = Stretch.of(new Interval("a", 600, 606), "ACGTRN".getBytes(US_ASCII));
        assertThat(part.with(Ambiguity.RESOLVE, seeds).text(part.interval())).isEqualTo(resolved.substring(600, 606));
    }
}

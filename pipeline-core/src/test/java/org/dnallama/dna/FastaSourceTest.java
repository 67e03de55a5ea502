package org.dnallama.dna;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.dnallama.config.InputException;
import org.dnallama.spark.HadoopFiles;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FastaSourceTest {

    private static final String TWO = ">a first\nACGTAC\nGTnnRY\nac\n>b\nTTT\n";

    @TempDir
    Path folder;

    private Path plain(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text);
    }

    private Path bgzip(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        try (OutputStream out = new BlockCompressedOutputStream(file.toFile())) {
            out.write(text.getBytes(StandardCharsets.US_ASCII));
        }
        return file;
    }

    private static final GenomeFiles FILES = new HadoopFiles(new Configuration());

    private static FastaSource check(Path file) {
        return FastaSource.open(FILES, file.toString());
    }

    private static String read(FastaSource source, Interval interval) throws IOException {
        return read(source, interval, UnknownBytes.N).text(interval);
    }

    private static Stretch read(FastaSource source, Interval interval, UnknownBytes unknown) throws IOException {
        try (FastaReader reader = FastaReader.open(FILES, source)) {
            for (int i = 0; i < source.contigs().size(); i++) {
                if (source.contigs().get(i).name().equals(interval.contig())) {
                    reader.checkBorders(i);
                    return reader.read(source.contigs().get(i), interval, unknown);
                }
            }
            throw new AssertionError("no contig " + interval.contig());
        }
    }

    private void assertRejected(ThrowingCallable action, String... parts) {
        assertThatThrownBy(action).isInstanceOf(InputException.class).hasMessageContainingAll(parts);
    }

    @Test
    void readsPartsOfPlainAndCompressedFilesAlike() throws IOException {
        for (Path file : List.of(plain("a.fa", TWO), bgzip("b.fa.gz", TWO))) {
            FastaSource source = check(file);
            assertThat(source.contigs()).containsExactly(new Contig("a", 14, 9, 6, 7), new Contig("b", 3, 29, 3, 4));
            assertThat(read(source, new Interval("a", 4, 13))).isEqualTo("ACGTNNRYA");
            assertThat(read(source, Interval.ofOneBasedClosed("b", 2, 3))).isEqualTo("TT");
        }
    }

    @Test
    void writesMissingIndexesThatFitTheNextTime() throws IOException {
        Path file = bgzip("a.fa.gz", TWO);
        check(file);
        assertThat(folder.resolve("a.fa.gz.fai")).hasContent("a\t14\t9\t6\t7\nb\t3\t29\t3\t4\n");
        assertThat(folder.resolve("a.fa.gz.gzi")).exists();
        assertThat(check(file).contigs()).hasSize(2);
        assertThat(folder.toFile().list()).containsExactlyInAnyOrder("a.fa.gz", "a.fa.gz.fai", "a.fa.gz.gzi");
    }

    @Test
    void readsLinesEndedByReturnAndLineFeedAndALastLineWithoutEnd() throws IOException {
        FastaSource source = check(plain("a.fa", ">a\r\nACGT\r\nAC\r\n>b\r\nGGGG\r\nTT"));
        assertThat(read(source, new Interval("a", 3, 6))).isEqualTo("TAC");
        assertThat(read(source, new Interval("b", 2, 6))).isEqualTo("GGTT");
    }

    @Test
    void keepsTheSoftMaskAndReadsUAsT() throws IOException {
        Interval interval = new Interval("a", 0, 6);
        Stretch stretch = read(check(plain("a.fa", ">a\nACgtuU\n")), interval, UnknownBytes.REJECT);
        assertThat(stretch.text(interval)).isEqualTo("ACGTTT");
        assertThat(stretch.softMaskedFraction(0, 4)).isEqualTo(0.5f);
        assertThat(stretch.softMaskedFraction(2, 3)).isEqualTo(1f);
    }

    @Test
    void refusesWhatIsNoFasta() throws IOException {
        assertRejected(() -> check(folder.resolve("no.fa")), "no.fa: no such file; check the path");
        Path empty = plain("empty.fa", "");
        assertRejected(() -> check(empty), "empty.fa: is empty");
        Path text = plain("text.fa", "hello\n");
        assertRejected(() -> check(text), "text.fa:1: a FASTA file starts with '>', here stands 'h'");
        Path header = plain("header.fa", ">a\nAC\n>b\n");
        assertRejected(() -> check(header), "header.fa:3: contig b has no bases");
    }

    @Test
    void refusesABadByteUnlessToldToReadItAsN() throws IOException {
        Path file = plain("bad.fa", ">a\nACGT\nAJGT\n");
        FastaSource source = check(file);
        assertRejected(
                () -> read(source, new Interval("a", 4, 8), UnknownBytes.REJECT),
                "bad.fa: 'J' is no nucleotide code (contig a, position 5, line 2 below its header, byte 9 of the text);"
                        + " set ingest.unknown = n to read it as N");
        assertThat(read(source, new Interval("a", 4, 8))).isEqualTo("ANGT");
    }

    @Test
    void refusesLinesThatNoIndexCanDescribe() throws IOException {
        Path file = plain("ragged.fa", ">a\nACGT\nAC\nACGT\n");
        assertRejected(
                () -> check(file),
                "ragged.fa:4: this line of contig a has 4 bases",
                "wrap the file anew, as seqtk seq -l 60 does");
    }

    @Test
    void refusesContigsWithOneName() throws IOException {
        Path twice = plain("twice.fa", ">a\nAC\n>b\nAC\n>a\nGT\n");
        assertRejected(() -> check(twice), "twice.fa:5: contig a is there already, at line 1");
        List<FastaSource> files = List.of(check(plain("x.fa", ">a\nAC\n")), check(plain("y.fa", ">a\nAC\n")));
        assertRejected(
                () -> FastaSource.requireDistinctContigs(files),
                "y.fa: contig a is there already, in ",
                "x.fa; names must be unique over all files");
    }

    @Test
    void refusesCutAndOtherwiseCompressedFiles() throws IOException {
        Path whole = bgzip("whole.fa.gz", TWO);
        byte[] bytes = Files.readAllBytes(whole);
        // Without the 28 bytes of the end-of-file block, and in the middle of a block.
        Path file = Files.write(folder.resolve("cut.fa.gz"), Arrays.copyOf(bytes, bytes.length - 28));
        assertRejected(() -> check(file), "cut.fa.gz: is cut: it has " + (bytes.length - 28) + " bytes");
        Path torn = Files.write(folder.resolve("torn.fa.gz"), Arrays.copyOf(bytes, bytes.length - 40));
        assertRejected(
                () -> check(torn), "torn.fa.gz: is cut or damaged at byte 0: the block that starts there is not whole");
        Path gzip = folder.resolve("gzip.fa.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(TWO.getBytes(StandardCharsets.US_ASCII));
        }
        assertRejected(() -> check(gzip), "gzip.fa.gz: is gzip but not bgzip");
    }

    @Test
    void refusesAnIndexOfAnotherFile() throws IOException {
        Path file = plain("a.fa", TWO);
        Path index = folder.resolve("a.fa.fai");
        // Out of the file, which the index alone tells.
        for (String line : List.of(
                "nonsense", "b\t5\t29\t3\t4", "b\t3\t9\t3\t4", "a\t3\t29\t3\t4", "b\t3\t29\t0\t1", "b\t3\t29\t3\t99")) {
            Files.writeString(index, "a\t14\t9\t6\t7\n" + line + "\n");
            assertRejected(() -> check(file), "a.fa.fai: does not fit a.fa: ", "line 2", "delete it if the FASTA");
        }
        // Inside of it, which the tasks find that read it.
        for (String lines : List.of(
                "a\t14\t9\t6\t7\n", // without b
                "b\t3\t29\t3\t4\n", // without a
                "x\t14\t9\t6\t7\nb\t3\t29\t3\t4\n", // another name
                "a\t14\t9\t5\t6\nb\t3\t29\t3\t4\n", // lines too short
                "a\t14\t8\t6\t7\nb\t3\t29\t3\t4\n", // a byte before
                "a\t13\t10\t6\t7\nb\t3\t29\t3\t4\n", // a byte behind
                "a\t13\t9\t6\t7\nb\t3\t29\t3\t4\n")) { // a base too few
            Files.writeString(index, lines);
            FastaSource source = check(file);
            Contig first = source.contigs().get(0);
            assertRejected(
                    () -> read(source, new Interval(first.name(), 0, first.bases()), UnknownBytes.REJECT),
                    "a.fa.fai: does not fit a.fa: ",
                    "delete it if the FASTA file is right");
        }
    }

    @Test
    void readsTheIndexAndNoSequenceWhenThereIsOne() throws IOException {
        Files.writeString(folder.resolve("a.fa.fai"), "a\t14\t9\t6\t7\nb\t3\t29\t3\t4\n");
        assertThat(check(plain("a.fa", TWO)).contigs())
                .containsExactly(new Contig("a", 14, 9, 6, 7), new Contig("b", 3, 29, 3, 4));
    }

    @Test
    void refusesADictionaryOfAnotherFile() throws IOException {
        Path file = plain("a.fa", TWO);
        Path dictionary = folder.resolve("a.dict");
        Files.writeString(dictionary, "@HD\tVN:1.5\n@SQ\tSN:a\tLN:14\n@SQ\tSN:b\tLN:3\tM5:0\n");
        assertThat(check(file).contigs()).hasSize(2);
        Files.writeString(dictionary, "@SQ\tSN:a\tLN:14\n@SQ\tSN:b\tLN:4\n");
        assertRejected(() -> check(file), "a.dict: does not fit a.fa: the file has b with 3 bases, it says 4");
        Files.writeString(dictionary, "@SQ\tSN:a\tLN:14\n@SQ\tSN:b\tLN:3\n@SQ\tSN:c\tLN:3\n");
        assertRejected(() -> check(file), "a.dict: does not fit a.fa: it names c, which the file has not");
    }

    @Test
    void refusesABlockIndexOfAnotherFile() throws IOException {
        Path small = bgzip("small.fa.gz", TWO);
        Path large = bgzip("large.fa.gz", ">a\n" + "ACGT".repeat(50_000) + "\n");
        check(large);
        check(small);
        Files.copy(folder.resolve("large.fa.gz.gzi"), folder.resolve("moved"));
        Files.move(
                folder.resolve("moved"),
                folder.resolve("small.fa.gz.gzi"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        assertRejected(
                () -> check(small),
                "small.fa.gz.gzi: does not fit small.fa.gz: it says that a block starts at byte ",
                "only 1 blocks");
        Files.write(folder.resolve("small.fa.gz.gzi"), new byte[] {1, 2});
        assertRejected(() -> check(small), "small.fa.gz.gzi: does not fit small.fa.gz");
    }
}

package org.dnallama.spark;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import htsjdk.samtools.util.BlockCompressedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.dnallama.config.Seeds;
import org.dnallama.dna.Contig;
import org.dnallama.dna.FastaReader;
import org.dnallama.dna.FastaSource;
import org.dnallama.dna.Interval;
import org.dnallama.dna.UnknownBytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HadoopFilesTest {

    private static final int BASES = 3_000_000;

    @TempDir
    Path folder;

    private static HadoopFiles files() {
        Configuration hadoop = new Configuration(false);
        hadoop.set("fs.counting.impl", CountingFileSystem.class.getName());
        return new HadoopFiles(hadoop);
    }

    private String address(String name) {
        return "counting://" + folder.resolve(name);
    }

    @Test
    void readingARangeMovesOnlyItsBytes() throws IOException {
        StringBuilder text = new StringBuilder(">a\n");
        new Seeds(1).stream("bases").ints(BASES, 0, 4).forEach(i -> text.append("ACGT".charAt(i)));
        text.append('\n');
        Files.writeString(folder.resolve("a.fa"), text);
        try (OutputStream out =
                new BlockCompressedOutputStream(folder.resolve("a.fa.gz").toFile())) {
            out.write(text.toString().getBytes(US_ASCII));
        }
        for (String name : List.of("a.fa", "a.fa.gz")) {
            FastaSource source = FastaSource.open(files(), address(name));
            Interval range = new Interval("a", 1_500_000, 1_510_000);
            try (FastaReader reader = FastaReader.open(files(), source)) {
                long before = CountingFileSystem.BYTES.get();
                assertThat(reader.read(source.contigs().get(0), range, UnknownBytes.REJECT)
                                .text(range))
                        .isEqualTo(text.substring(1_500_003, 1_510_003));
                // A compressed range needs the whole blocks that it touches, of at most 64 KiB each.
                assertThat(CountingFileSystem.BYTES.get() - before)
                        .isBetween(name.equals("a.fa") ? 10_000L : 2_500L, name.equals("a.fa") ? 10_000L : 2 * 65_536L);
            }
        }
    }

    @Test
    void anIndexedFileIsReadOnceForItsChecksumAndNotForItsContigs() throws IOException {
        String line = "ACGT".repeat(15) + "\n";
        Files.writeString(folder.resolve("a.fa"), ">a\n" + line.repeat(10_000));
        Files.writeString(folder.resolve("a.fa.fai"), "a\t600000\t3\t60\t61\n");
        long before = CountingFileSystem.BYTES.get();
        assertThat(FastaSource.open(files(), address("a.fa")).contigs())
                .containsExactly(new Contig("a", 600_000, 3, 60, 61));
        assertThat(CountingFileSystem.BYTES.get() - before)
                .isEqualTo(Files.size(folder.resolve("a.fa")) + Files.size(folder.resolve("a.fa.fai")));
    }

    @Test
    void findsFilesFoldersAndPatterns() throws IOException {
        for (String name :
                List.of("b.fa", "a.fasta.gz", "b.fa.fai", "a.fasta.gz.gzi", "read.me", ".hidden.fa", "[x].fa")) {
            Files.writeString(folder.resolve(name), ">a\nA\n");
        }
        Files.createDirectory(folder.resolve("sub.fa"));
        HadoopFiles files = files();
        assertThat(files.find(address("read.me"))).containsExactly(address("read.me"));
        assertThat(files.find(address("[x].fa"))).containsExactly(address("[x].fa"));
        assertThat(files.find(address("")))
                .extracting(path -> path.substring(path.lastIndexOf('/') + 1))
                .containsExactly("[x].fa", "a.fasta.gz", "b.fa");
        assertThat(files.find(address("{a,b}*")))
                .extracting(path -> path.substring(path.lastIndexOf('/') + 1))
                .containsExactly("a.fasta.gz", "b.fa");
        assertThat(files.find(address("no*.fa"))).isEmpty();
        assertThat(files.find(address("no.fa"))).isEmpty();
        assertThatThrownBy(() -> files.find("a:b:c")).isInstanceOf(IOException.class);
    }

    @Test
    void writesAWholeFileOrNone() throws IOException {
        files().write(address("x"), new byte[] {1, 2});
        files().write(address("x"), new byte[] {3});
        assertThat(folder.resolve("x")).hasBinaryContent(new byte[] {3});
        assertThatThrownBy(() -> files().write(address("x/y"), new byte[1])).isInstanceOf(IOException.class);
        assertThat(folder.toFile().list()).containsExactly("x");
    }
}

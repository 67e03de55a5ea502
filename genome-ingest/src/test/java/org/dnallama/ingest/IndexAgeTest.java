package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An index newer or older than its file: what it says decides, its time stamp does not. */
class IndexAgeTest {

    private static final String ROWS = "SELECT contig, start, \"end\", tokens FROM rows ORDER BY ALL";

    @TempDir
    Path folder;

    private Path fasta = Path.of("");

    @BeforeEach
    void makeFile() throws IOException {
        fasta = Job.bgzip(folder.resolve("a.fa.gz"), Job.contig("a", 80_000, 1) + Job.contig("b", 5000, 2));
        assertThat(ingest("first").exitCode()).as("writes the indexes").isZero();
    }

    private Job.Outcome ingest(String output) {
        return Job.run(
                "local[2]", "ingest.fasta=\"" + fasta + "\"", "ingest.output=\"" + folder.resolve(output) + "\"");
    }

    private void age(String ending, long hoursAfterTheFile) throws IOException {
        Instant file = Files.getLastModifiedTime(fasta).toInstant();
        Files.setLastModifiedTime(
                folder.resolve("a.fa.gz" + ending), FileTime.from(file.plus(Duration.ofHours(hoursAfterTheFile))));
    }

    @ParameterizedTest(name = "{0} {1} hours newer")
    @CsvSource({".fai,-48", ".fai,48", ".gzi,-48", ".gzi,48"})
    void oneThatFitsIsUsed(String ending, long hours) throws Exception {
        List<String> rows = new Shards(folder.resolve("first")).query(ROWS);
        byte[] index = Files.readAllBytes(folder.resolve("a.fa.gz" + ending));
        age(ending, hours);
        FileTime before = Files.getLastModifiedTime(folder.resolve("a.fa.gz" + ending));
        Job.Outcome run = ingest("second");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(new Shards(folder.resolve("second")).query(ROWS)).isEqualTo(rows);
        assertThat(folder.resolve("a.fa.gz" + ending)).hasBinaryContent(index);
        assertThat(Files.getLastModifiedTime(folder.resolve("a.fa.gz" + ending)))
                .as("not written anew")
                .isEqualTo(before);
    }

    @ParameterizedTest(name = "{0} {1} hours newer")
    @CsvSource({".fai,-48", ".fai,48", ".gzi,-48", ".gzi,48"})
    void oneOfAnotherStateOfTheFileIsRefused(String ending, long hours) throws Exception {
        Path index = folder.resolve("a.fa.gz" + ending);
        byte[] stale = Files.readAllBytes(index);
        // The file becomes another one: other bases, one less.
        String text = Job.contig("a", 79_999, 3) + Job.contig("b", 5000, 2);
        Job.bgzip(fasta, text);
        Files.delete(folder.resolve("a.fa.gz.fai"));
        Files.delete(folder.resolve("a.fa.gz.gzi"));
        Files.write(index, stale);
        age(ending, hours);
        Job.Outcome run = ingest("second");
        assertThat(run.exitCode()).as(run.out()).isEqualTo(3);
        assertThat(run.err())
                .contains(
                        "a.fa.gz" + ending + ": does not fit a.fa.gz: ",
                        "delete it if the FASTA file is right: .fai and .gzi are built anew");
        assertThat(folder.resolve("second")).doesNotExist();
        Files.delete(index);
        Job.Outcome again = ingest("second");
        assertThat(again.exitCode()).as("as the message says: %s", again.err()).isZero();
        assertThat(new Shards(folder.resolve("second"))
                        .manifest()
                        .at("/bases/in")
                        .asLong())
                .isEqualTo(84_999);
    }
}

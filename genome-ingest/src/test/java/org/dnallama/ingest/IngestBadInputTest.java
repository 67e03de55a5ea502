package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The user's faults: exit code, message, and nothing under the output's name. */
class IngestBadInputTest {

    @TempDir
    Path folder;

    private Job.Outcome ingest(Object fasta, String... settings) {
        List<String> arguments =
                new ArrayList<>(List.of("ingest.fasta=" + fasta, "ingest.output=\"" + folder.resolve("shards") + "\""));
        arguments.addAll(List.of(settings));
        return Job.run("local[2]", arguments.toArray(String[]::new));
    }

    private static String quoted(Path... files) {
        List<String> names = new ArrayList<>();
        for (Path file : files) {
            names.add("\"" + file + "\"");
        }
        return names.toString();
    }

    private void assertRefused(Job.Outcome run, int exitCode, String... parts) {
        assertThat(run.exitCode()).as(run.err()).isEqualTo(exitCode);
        assertThat(run.err()).contains(parts);
        assertThat(folder.resolve("shards")).doesNotExist();
        assertThat(folder.resolve(".shards.incomplete"))
                .as("nothing to go on with")
                .doesNotExist();
    }

    @Test
    void missingEmptyAndCutFiles() throws IOException {
        assertRefused(ingest(quoted(folder.resolve("no.fa"))), 3, "no.fa: no such file; check ingest.fasta");
        Path empty = Job.plain(folder.resolve("empty.fa"), "");
        assertRefused(ingest(quoted(empty)), 3, "empty.fa: is empty; fetch the file again");
        Path whole = Job.bgzip(folder.resolve("whole.fa.gz"), Job.contig("a", 5000, 1));
        Path cut = Job.withoutEnd(whole, folder.resolve("cut.fa.gz"), 28);
        assertRefused(ingest(quoted(cut)), 3, "cut.fa.gz: is cut: ", "fetch or compress it again");
    }

    @Test
    void anIndexThatDoesNotFit() throws IOException {
        Path file = Job.plain(folder.resolve("a.fa"), Job.contig("a", 5000, 1));
        Files.writeString(folder.resolve("a.fa.fai"), "a\t6000\t13\t60\t61\n");
        assertRefused(
                ingest(quoted(file)), 3, "a.fa.fai: does not fit a.fa: line 1 is 'a\t6000\t13\t60\t61'; delete it");
        Files.writeString(folder.resolve("a.fa.fai"), "a\t4000\t13\t60\t61\n");
        assertRefused(
                ingest(quoted(file)),
                3,
                "a.fa.fai: does not fit a.fa: behind the last contig, a, stands '",
                "delete it if the FASTA file is right");
    }

    @Test
    void aContigThatIsThereTwice() throws IOException {
        String contig = Job.contig("a", 200, 1);
        Path twice = Job.plain(folder.resolve("twice.fa"), contig + contig);
        assertRefused(ingest(quoted(twice)), 3, "twice.fa:6: contig a is there already, at line 1");
        Path one = Job.plain(folder.resolve("one.fa"), contig);
        Path two = Job.bgzip(folder.resolve("two.fa.gz"), contig);
        assertRefused(ingest(quoted(one, two)), 3, "two.fa.gz: contig a is there already, in ", "one.fa;");
    }

    @Test
    void aByteThatIsNoNucleotideCode() throws IOException {
        String good = Job.contig("a", 5000, 1);
        Path file = Job.plain(folder.resolve("bad.fa"), good.substring(0, 200) + "J" + good.substring(201));
        // The header line has 13 bytes, so byte 200 is byte 187 of the bases' lines of 61: line 4, base 184.
        assertRefused(
                ingest(quoted(file)),
                3,
                "bad.fa: 'J' is no nucleotide code (contig a, position 184, line 4 below its header, byte 200 of the text);"
                        + " set ingest.unknown = n to read it as N");
        Job.Outcome masked = ingest(quoted(file), "ingest.unknown=n");
        assertThat(masked.exitCode()).as(masked.err()).isZero();
    }

    @Test
    void aDictionaryThatDoesNotFit() throws IOException {
        Path file = Job.plain(folder.resolve("a.fa"), Job.contig("a", 5000, 1));
        Files.writeString(folder.resolve("a.dict"), "@HD\tVN:1.5\n@SQ\tSN:b\tLN:77\n");
        assertRefused(
                ingest(quoted(file)),
                3,
                "a.dict: does not fit a.fa: the file has a with 5000 bases, it says nothing of it");
    }

    @Test
    void nothingToKeepAndUnknownContigs() throws IOException {
        Path file = Job.plain(folder.resolve("n.fa"), ">a\nNNNNNNNNNN\n>b\nACGT\n");
        assertRefused(ingest(quoted(file)), 3, "n.fa: no wanted piece without N has 32 bases; lower ingest.minLength");
        assertRefused(
                ingest(quoted(file), "ingest.split.by=contig", "ingest.split.validContigs=[c]"),
                3,
                "ingest.split.validContigs: no contig c in the input; it has a, b");
    }

    @Test
    void severalConfigErrorsInOneMessage() {
        assertRefused(
                ingest(
                        "[]",
                        "ingest.windw=3",
                        "ingest.stride=x",
                        "ingest.tokenizer.kind=kmer",
                        "ingest.tokenizer.k=9",
                        "ingest.minLength=600"),
                2,
                "ingest.windw: unknown key",
                "ingest.stride",
                "ingest.tokenizer.k = 9: must be at most 8",
                "ingest.minLength = 600: must be at most ingest.window = 512 bases");
    }

    @Test
    void aBadSettingBringsNoOtherIntoSuspicion() {
        for (String window : List.of("ingest.window=wide", "ingest.window=0")) {
            Job.Outcome run = ingest("[\"a.fa\"]", window);
            assertRefused(run, 2, "ingest.window = ");
            assertThat(run.err()).doesNotContain("ingest.minLength");
        }
        Job.Outcome noK = ingest("[\"a.fa\"]", "ingest.tokenizer.kind=kmer", "ingest.tokenizer.k=0");
        assertRefused(noK, 2, "ingest.tokenizer.k = 0: must be at least 1");
        assertThat(noK.err()).doesNotContain("ingest.tokenizer.stride");
        assertRefused(
                ingest(
                        "[\"a.fa\"]",
                        "ingest.tokenizer.kind=kmer",
                        "ingest.unit=tokens",
                        "ingest.window=1000000000",
                        "ingest.stride=512"),
                2,
                "ingest.window = 6000000000 bases: must be at most 2147483647");
    }

    @Test
    void aBadTokenizerIsNamedByItsFile() throws IOException {
        Path fasta = Job.plain(folder.resolve("a.fa"), Job.contig("a", 5000, 1));
        Path json = Files.writeString(folder.resolve("mine.json"), "{\"model\":{}}");
        String file = "ingest.tokenizer.file=\"" + json + "\"";
        assertRefused(
                ingest(quoted(fasta), "ingest.tokenizer.kind=file", file),
                3,
                json + ": has no model.vocab; give a file that");
        Files.writeString(
                json,
                "{'model':{'type':'BPE','vocab':{'<pad>':0,'<s>':1,'</s>':2,'A':3,'C':4,'AC':5}}}".replace('\'', '"'));
        assertRefused(
                ingest(quoted(fasta), "ingest.tokenizer.kind=bpe", file),
                3,
                json + ": model.merges is missing, but the vocabulary has tokens of several letters");
        Files.writeString(json, "AAAA nine");
        assertRefused(
                ingest(quoted(fasta), "ingest.tokenizer.kind=file", file), 3, json + ":1: 'AAAA nine' is not a token");
    }
}

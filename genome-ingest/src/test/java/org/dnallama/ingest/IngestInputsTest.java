package org.dnallama.ingest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be given as input: folders, patterns, gzip, regions; and how it is cut and stored. */
class IngestInputsTest {

    @TempDir
    Path folder;

    private Job.Outcome ingest(String output, Object fasta, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                "ingest.fasta=" + fasta,
                "ingest.output=\"" + folder.resolve(output) + "\"",
                "ingest.window=100",
                "ingest.stride=100",
                "ingest.rangeBases=3000",
                "ingest.shards=2"));
        arguments.addAll(List.of(settings));
        return Job.run("local[2]", arguments.toArray(String[]::new));
    }

    private Shards shards(String output, Object fasta, String... settings) throws IOException {
        Job.Outcome run = ingest(output, fasta, settings);
        assertThat(run.exitCode()).as(run.err()).isZero();
        Shards shards = new Shards(folder.resolve(output));
        return shards;
    }

    private String file(String name, String text) throws IOException {
        return "\"" + Job.plain(folder.resolve(name), text) + "\"";
    }

    private static final String PLACES =
            "SELECT contig, start, \"end\", strand, split, tokens, soft_mask FROM rows ORDER BY ALL";

    @Test
    void foldersPatternsAndAddressesNameFiles() throws Exception {
        Files.createDirectory(folder.resolve("in"));
        file("in/a.fa", Job.contig("a", 5000, 1));
        file("in/b.fa", Job.contig("b", 5000, 2));
        file("in/notes.txt", "no FASTA\n");
        List<String> all = shards(
                        "list", "[\"" + folder.resolve("in/a.fa") + "\",\"" + folder.resolve("in/b.fa") + "\"]")
                .query(PLACES);
        assertThat(shards("folder", "file://" + folder.resolve("in")).query(PLACES))
                .isEqualTo(all);
        assertThat(shards("pattern", "\"" + folder.resolve("in/?.fa") + "\"").query(PLACES))
                .isEqualTo(all);
        assertThat(ingest("none", "\"" + folder.resolve("in/*.fna") + "\"").err())
                .contains("in/*.fna: no such file; check ingest.fasta");
        Shards byFile = shards(
                "byFile",
                "\"" + folder.resolve("in") + "\"",
                "ingest.split.by=file",
                "ingest.split.validFiles=[\"b.*\"]");
        assertThat(byFile.query("SELECT DISTINCT split, contig FROM rows ORDER BY ALL"))
                .containsExactly("train|a", "valid|b");
        assertThat(ingest(
                                "x",
                                "\"" + folder.resolve("in") + "\"",
                                "ingest.split.by=file",
                                "ingest.split.validFiles=[c]")
                        .err())
                .contains("ingest.split.validFiles: no input file matches 'c'");
    }

    @Test
    void gzipIsReadInOrderWithAWarningUnlessItIsTooLarge() throws Exception {
        String text = Job.contig("a", 9000, 1);
        List<String> plain = shards("plain", file("a.fa", text)).query(PLACES);
        Path gzip = folder.resolve("a.fa.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
            out.write(text.getBytes(US_ASCII));
        }
        Job.Outcome run = ingest("gzip", "\"" + gzip + "\"");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.err())
                .contains(
                        "warning: ", "a.fa.gz: is gzip but not bgzip: one task reads all of it", "| bgzip > NEW.fa.gz");
        assertThat(new Shards(folder.resolve("gzip")).query(PLACES)).isEqualTo(plain);
        assertThat(folder.resolve("gzip/_copies")).doesNotExist();
        Job.Outcome refused = ingest("no", "\"" + gzip + "\"", "ingest.gzipLimit=1000");
        assertThat(refused.exitCode()).isEqualTo(3);
        assertThat(refused.err()).contains("are more than ingest.gzipLimit = 1000; compress it again: gzip -dc");
        Path cut = Job.withoutEnd(gzip, folder.resolve("cut.fa.gz"), 20);
        Job.Outcome torn = ingest("torn", "\"" + cut + "\"");
        assertThat(torn.exitCode()).isEqualTo(3);
        assertThat(torn.err()).contains("cut.fa.gz: is cut or damaged: ");
    }

    @Test
    void regionsAndPatternsChooseWhatIsRead() throws Exception {
        String fasta = file("a.fa", Job.contig("a", 9000, 1) + Job.contig("b", 4000, 2) + Job.contig("alt", 3000, 3));
        String only = file("only.bed", "a\t1000\t2050\na\t5000\t8000\nb\t0\t4000\n");
        String except = file("except.bed", "a\t5500\t5600\n");
        Shards shards = shards(
                "regions",
                fasta,
                "ingest.regions.only=" + only,
                "ingest.regions.except=" + except,
                "ingest.contigs.deny=[\"al*\", b]",
                "ingest.minLength=1");
        long wanted = 1050 + 3000 - 100;
        assertThat(shards.manifest().at("/bases/dropped/excluded").asLong()).isEqualTo(16_000 - wanted);
        assertThat(shards.query(
                        "SELECT count(*) FROM rows WHERE contig <> 'a' OR NOT (start >= 1000 AND \"end\" <= 2050"
                                + " OR start >= 5000 AND \"end\" <= 5500 OR start >= 5600 AND \"end\" <= 8000)"))
                .containsExactly("0");
        long n = shards.manifest().at("/bases/dropped/n").asLong();
        assertThat(shards.query("SELECT sum(bases) FROM rows")).containsExactly(String.valueOf(wanted - n));
        assertThat(shards.manifest().path("inputs")).hasSize(3);
        Job.Outcome bad = ingest("bad", fasta, "ingest.regions.only=" + file("bad.bed", "a\t1\t5\na\t4\t6\n"));
        assertThat(bad.exitCode()).isEqualTo(3);
        assertThat(bad.err()).contains("bad.bed:2: a:[4, 6) overlaps line 1");
        assertThat(ingest("no", fasta, "ingest.contigs.allow=[chr1]").err())
                .contains("ingest.contigs.allow: no contig matches 'chr1'; the input has [a, b, alt]");
    }

    @Test
    void packedRowsHoldTheSameTokensInRowsOfOneLength() throws Exception {
        String fasta = file("a.fa", Job.contig("a", 30_000, 1));
        Shards windows = shards("windows", fasta);
        Shards packed = shards("packed", fasta, "ingest.rows=packed", "ingest.packedLength=64");
        assertThat(packed.query("SELECT DISTINCT len(tokens), len(soft_mask) FROM rows"))
                .containsExactly("64|64");
        assertThat(packed.query(
                        "SELECT count(*) FROM rows WHERE boundaries[1] <> 0 OR len(boundaries) <> len(documents) + 1"))
                .containsExactly("0");
        // Documents of all rows, without begin and end, are the tokens of the windows.
        String counts = "SELECT token, count(*) FROM (SELECT unnest(tokens) AS token FROM rows) WHERE token > 3"
                + " GROUP BY token ORDER BY token";
        assertThat(packed.query(counts)).isEqualTo(windows.query(counts)).hasSizeGreaterThan(3);
        assertThat(packed.query("SELECT sum(d.\"end\" - d.start) FROM (SELECT unnest(documents) AS d FROM rows)"))
                .isEqualTo(windows.query("SELECT sum(bases) FROM rows"))
                .isEqualTo(packed.query("SELECT sum(bases) FROM rows"));
        assertThat(packed.query("SELECT count(*) FROM rows WHERE tokens[boundaries[len(boundaries)]] <> 2"
                        + " OR tokens[1] <> 1"))
                .containsExactly("0");
        assertThat(packed.manifest().at("/splits/train/tokens"))
                .isEqualTo(windows.manifest().at("/splits/train/tokens"));
    }

    @Test
    void windowsInTokensBothStrandsAndFilesOfASize() throws Exception {
        String fasta = file("a.fa", Job.contig("a", 30_000, 1));
        Shards shards = shards(
                "tokens",
                fasta,
                "ingest.unit=tokens",
                "ingest.window=50",
                "ingest.stride=50",
                "ingest.tokenizer.kind=kmer",
                "ingest.tokenizer.k=3",
                "ingest.tokenizer.stride=3",
                "ingest.strand=both",
                "ingest.nPolicy=drop",
                "ingest.maxNFraction=0.5",
                "ingest.split.regionBases=500",
                "ingest.split.validFraction=0.5",
                "ingest.shardSize=5K");
        assertThat(shards.query("SELECT max(len(tokens)), max(bases) FROM rows"))
                .containsExactly("50|150");
        assertThat(shards.query("SELECT strand, count(*), sum(bases) FROM rows GROUP BY strand ORDER BY strand"))
                .satisfies(lines -> assertThat(lines.get(0).substring(1))
                        .isEqualTo(lines.get(1).substring(1)));
        // 30,000 bases, two strands, 20,000 tokens of log2(68) = 6.1 bits: 15 kB, 3 files for each split.
        assertThat(shards.manifest().path("shards")).hasSize(6);
        assertThat(shards.manifest().at("/bases/dropped/richInN").asLong()).isPositive();
    }
}

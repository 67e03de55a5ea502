package org.dnallama.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.dnallama.config.Seeds;
import org.dnallama.token.Tokenizers;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job on a local Spark; its shards are read with DuckDB, which shares no code with Spark. */
class IngestTest {

    private static final String ROWS = "SELECT split, contig, start, \"end\", tokens, soft_mask, bases FROM rows";

    @TempDir
    Path folder;

    private String fasta = "";
    private String text = "";

    @BeforeEach
    void makeGenome() throws IOException {
        String one = Job.contig("one", 60_000, 1);
        String two = Job.contig("two", 30_011, 2);
        fasta = "ingest.fasta=[\"" + Job.plain(folder.resolve("one.fa"), one) + "\",\""
                + Job.bgzip(folder.resolve("two.fa.gz"), two) + "\"]";
        text = (one + two).replaceAll(">.*\n", "").replace("\n", "");
    }

    private Job.Outcome ingest(String master, String output, String... settings) {
        List<String> arguments = new ArrayList<>(List.of(
                fasta,
                "ingest.output=\"" + folder.resolve(output) + "\"",
                "ingest.window=100",
                "ingest.stride=100",
                "ingest.rangeBases=7000",
                "ingest.shards=2",
                "ingest.split.regionBases=1000",
                "ingest.split.validFraction=0.2"));
        arguments.addAll(List.of(settings));
        return Job.run(master, arguments.toArray(String[]::new));
    }

    private List<String> query(String output, String sql) throws SQLException {
        return new Shards(folder.resolve(output)).query(sql);
    }

    private JsonNode manifest(String output) throws IOException {
        return new Shards(folder.resolve(output)).manifest();
    }

    @Test
    void anIndependentReaderFindsTheDocumentedColumnsAndEveryBase() throws Exception {
        Job.Outcome run = ingest("local[2]", "shards");
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(
                        query(
                                "shards",
                                "SELECT column_name, column_type FROM (DESCRIBE SELECT * EXCLUDE (filename, file_row_number, split) FROM rows)"))
                .containsExactly(
                        "contig|VARCHAR",
                        "start|BIGINT",
                        "end|BIGINT",
                        "strand|VARCHAR",
                        "tokens|INTEGER[]",
                        "soft_mask|FLOAT[]",
                        "bases|INTEGER");
        JsonNode manifest = manifest("shards");
        JsonNode dropped = manifest.at("/bases/dropped");
        long n = text.chars().filter(c -> c == 'N').count();
        assertThat(dropped.path("n").asLong()).isEqualTo(n);
        assertThat(dropped.path("gap").asLong()).isZero();
        assertThat(dropped.path("remainder").asLong()).isZero();
        long kept = text.length() - n - dropped.path("short").asLong();
        assertThat(query("shards", "SELECT sum(bases), sum(len(tokens)), sum(\"end\" - start) FROM rows"))
                .containsExactly(kept + "|" + kept + "|" + kept);
        for (String split : List.of("train", "valid")) {
            JsonNode counts = manifest.at("/splits/" + split);
            assertThat(query(
                            "shards",
                            "SELECT count(*), sum(len(tokens)), sum(bases) FROM rows WHERE split = '" + split + "'"))
                    .containsExactly(counts.path("rows") + "|" + counts.path("tokens") + "|" + counts.path("bases"));
            assertThat(counts.path("rows").asLong()).isPositive();
        }
        assertThat(run.out())
                .contains(
                        "contigs",
                        "bases in",
                        String.format("%,d", text.length()),
                        "bases out",
                        " tokens ",
                        "bases per token",
                        "seconds",
                        "million bases per second");
        assertThat(run.err()).contains("ingest", "100%");
    }

    @Test
    void tokensAndSoftMaskAreThoseOfTheFasta() throws Exception {
        assertThat(ingest("local[2]", "shards").exitCode()).isZero();
        // Token ids back to letters, lower case where masked, in genome order: the text without what was dropped.
        List<String> rows = query(
                "shards",
                "SELECT contig, start, array_to_string(list_transform(list_zip(tokens, soft_mask), p ->"
                        + " CASE WHEN p[2] > 0 THEN lower(substr('???RACGT', p[1] + 1, 1))"
                        + " ELSE substr('???RACGT', p[1] + 1, 1) END), '') FROM rows");
        assertThat(rows).hasSizeGreaterThan(700);
        for (String row : rows) {
            String[] cells = row.split("\\|");
            int start = Integer.parseInt(cells[1]) + (cells[0].equals("two") ? 60_000 : 0);
            assertThat(cells[2]).isEqualTo(text.substring(start, start + cells[2].length()));
        }
    }

    @Test
    void theSameRowsStandInTheSameFilesWhateverTheNumberOfExecutorsAndRanges() throws Exception {
        assertThat(ingest("local[1]", "a").exitCode()).isZero();
        assertThat(ingest("local[2]", "b").exitCode()).isZero();
        assertThat(ingest("local[2]", "c", "ingest.rangeBases=1234").exitCode()).isZero();
        // In the order of files and rows, no ORDER BY over their content.
        String ordered = ROWS + " ORDER BY parse_filename(filename), split, file_row_number";
        List<String> a = query("a", ordered);
        assertThat(a).hasSizeGreaterThan(700);
        assertThat(query("b", ordered)).isEqualTo(a);
        assertThat(query("c", ordered)).isEqualTo(a);
        assertThat(query("a", "SELECT DISTINCT parse_filename(filename) AS f FROM rows ORDER BY f"))
                .containsExactly("part-00000.parquet", "part-00001.parquet");
        // Rows are in the order of their random keys, so neighbours on the genome are apart.
        List<Long> keys = query(
                        "a",
                        "SELECT contig, start, \"end\" FROM rows"
                                + " WHERE split = 'train' AND parse_filename(filename) = 'part-00001.parquet'"
                                + " ORDER BY file_row_number")
                .stream()
                .map(row -> row.split("\\|"))
                .map(row -> new Seeds(42).key("shard " + row[0], Long.parseLong(row[1]), Long.parseLong(row[2])))
                .toList();
        assertThat(keys).isSorted().hasSizeGreaterThan(100);
    }

    @Test
    void everyByteIsTheSameOnOneTwoAndFourCores() throws Exception {
        assertThat(ingest("local[1]", "shards").exitCode()).isZero();
        Map<String, String> one = new Shards(folder.resolve("shards")).bytes();
        assertThat(one).containsKeys("manifest.json", "tokenizer.json", "split=train/part-00001.parquet");
        for (String master : List.of("local[2]", "local[4]")) {
            IngestBenchCommand.delete(folder.resolve("shards"));
            assertThat(ingest(master, "shards").exitCode()).isZero();
            assertThat(new Shards(folder.resolve("shards")).bytes()).as(master).isEqualTo(one);
        }
    }

    @Test
    void overlappingWindowsOfKmersCountEachBaseOnce() throws Exception {
        Job.Outcome run = ingest(
                "local[2]",
                "shards",
                "ingest.stride=50",
                "ingest.tokenizer.kind=kmer",
                "ingest.split.by=contig",
                "ingest.split.validContigs=[two]");
        assertThat(run.exitCode()).as(run.err()).isZero();
        JsonNode bases = manifest("shards").path("bases");
        long covered = bases.path("covered").asLong();
        assertThat(bases.path("in").asLong()).isEqualTo(text.length());
        assertThat(query(
                        "shards",
                        "SELECT count(*) FROM (SELECT DISTINCT contig, unnest(range(start, \"end\")) FROM rows)"))
                .containsExactly(String.valueOf(covered));
        assertThat(query("shards", "SELECT DISTINCT split, contig FROM rows ORDER BY split"))
                .containsExactly("train|one", "valid|two");
        assertThat(query("shards", "SELECT count(*) FROM rows WHERE len(tokens) * 6 <> bases"))
                .containsExactly("0");
        String tokenizer = Files.readString(folder.resolve("shards/tokenizer.json"));
        assertThat(Tokenizers.read(tokenizer).vocabularySize()).isEqualTo(4100);
    }

    @Test
    void aSecondRunDoesNothingAndOtherSettingsNeedOverwrite() throws Exception {
        assertThat(ingest("local[2]", "shards").exitCode()).isZero();
        String before = Files.readString(folder.resolve("shards/manifest.json"));
        Job.Outcome again = ingest("local[2]", "shards");
        assertThat(again.exitCode()).isZero();
        assertThat(again.out())
                .contains("shards: is complete already, made from the same inputs and settings; nothing to do");
        Job.Outcome other = ingest("local[2]", "shards", "ingest.minLength=20");
        assertThat(other.exitCode()).isEqualTo(3);
        assertThat(other.err()).contains("made from other inputs or settings; give --overwrite to replace it");
        assertThat(folder.resolve("shards/manifest.json")).hasContent(before);
        assertThat(ingest("local[2]", "shards", "ingest.minLength=20", "--overwrite")
                        .exitCode())
                .isZero();
        assertThat(manifest("shards").at("/config/ingest/minLength").asInt()).isEqualTo(20);
        assertThat(folder.toFile().list((place, name) -> name.contains("incomplete")))
                .isEmpty();
    }

    @Test
    void manifestNamesInputsSettingsAndContigs() throws Exception {
        assertThat(ingest("local[2]", "shards").exitCode()).isZero();
        JsonNode manifest = manifest("shards");
        assertThat(manifest.at("/inputs/0/path").asText()).endsWith("one.fa");
        assertThat(manifest.at("/inputs/0/sha256").asText()).matches("[0-9a-f]{64}");
        assertThat(manifest.at("/inputs/1/bytes").asLong()).isEqualTo(Files.size(folder.resolve("two.fa.gz")));
        assertThat(manifest.at("/contigs/1/name").asText()).isEqualTo("two");
        assertThat(manifest.at("/contigs/1/bases").asLong()).isEqualTo(30_011);
        assertThat(manifest.path("seed").asLong()).isEqualTo(42);
        assertThat(manifest.at("/tokenizer/vocabularySize").asInt()).isEqualTo(8);
        assertThat(manifest.path("fingerprint").asText()).hasSize(64);
        assertThat(folder.resolve("shards/_SUCCESS")).exists();
    }
}
